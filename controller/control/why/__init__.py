"""Why a tag is as it is: the chain from a wish to what the plant does, in words."""
