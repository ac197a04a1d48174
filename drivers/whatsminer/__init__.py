"""WhatsMiners by their API version 3: frames with a length before them, orders with a token."""
