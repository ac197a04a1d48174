"""Mistakes in the alarms of a plant."""

from tests.config.broken_plant import Mistake

TEXTS = (
    'cause = "it rains"\nconsequence = "wet"\naction = "take a coat"\nrespond_s = 60\n'
    'tag = "outdoor.temperature_c"'
)
OWN = f'name = "outdoor.odd"\n{TEXTS}'
MANY = "\n".join(
    f'[[alarm]]\nname = "odd-{number}"\npriority = "high"\n{TEXTS}\n' for number in range(30)
)

MISTAKES = (
    Mistake(
        "HC701",
        "alarm.1",
        {"[[alarm]]  # here": 'name = "odd"\ntag = "outdoor.temperature_c"\ncause = "it rains"'},
        told="lacks consequence, action, respond_s",
    ),
    Mistake(
        "HC702",
        "alarm.2.name",
        {"[[alarm]]": f'{OWN}\n[[alarm]]\nname = "outdoor.odd"  # here\n{TEXTS}'},
    ),
    Mistake(
        "HC703",
        "alarm",
        {"[[alarm]]  # here": f"{OWN}\n{MANY}"},
        told="high or critical",
    ),
    Mistake(
        "HC704",
        "alarm.1.tag",
        {"[[alarm]]": OWN.replace("temperature_c", "temprature_c") + "  # here"},
        told="did you mean 'outdoor.temperature_c'",
    ),
    Mistake(
        "HC705",
        "alarm.1.quiet_modes",
        {"[[alarm]]": f'quiet_modes = ["of"]  # here\n{OWN}'},
        told="of; tracking, off",
    ),
)
