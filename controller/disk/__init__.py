"""What is written so that it is there in whole or not at all."""
