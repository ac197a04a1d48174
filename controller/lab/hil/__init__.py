"""`hearth hil`: acceptance of whatever plant and controller are connected, step by step."""
