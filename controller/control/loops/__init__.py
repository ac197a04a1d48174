"""Control loops with modes: each is manual, automatic or cascade, and changes without a bump."""
