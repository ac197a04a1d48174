"""Every check of a configuration, by its code."""

from controller.config.code import Code
from controller.config.codes_of_sense import CODES_OF_SENSE
from controller.config.codes_of_the_file import CODES_OF_THE_FILE

CODES: dict[str, Code] = {**CODES_OF_THE_FILE, **CODES_OF_SENSE}
"""By code; a code keeps its meaning for ever and is never given again."""
