"""Mistakes in interlocks and votes of a plant."""

from tests.config.broken_plant import Mistake

OWN = (
    'cause = "room-too-hot"\ndetector = "high"\nwords = "the room"\neffects = ["stop_heat"]\n'
    'why = "Switchgear beside it stands no more."\nlimit = 45.0'
)
ROOM = 'tag = "room.temperature_c"'
VOTE = 'tag = "hall.temperature_c"\nvote = "2oo2"'
AGAIN = 'tag = "hall.temperature_c"  # here\nvote = "2oo2"'
PAIR = 'channels = ["room.temperature_c", "outdoor.temperature_c"]'

MISTAKES = (
    Mistake("HC328", "interlock.1.warn", {"[[interlock]]": f"{OWN}\n{ROOM}\nwarn = 50.0  # here"}),
    Mistake(
        "HC328",
        "interlock.1.warn",
        {"[[interlock]]": f"{OWN.replace('high', 'low')}\n{ROOM}\nwarn = 40.0  # here"},
    ),
    Mistake(
        "HC329",
        "interlock.1.cause",
        {
            "[[interlock]]": f"{OWN.replace('room-too-hot', 'leak')}  # here\n{ROOM}".replace(
                'cause = "leak"', 'cause = "leak"  # here'
            ).replace("45.0  # here", "45.0")
        },
    ),
    Mistake(
        "HC330",
        "voted.1.channels",
        {"[[voted]]": f"{VOTE.replace('2oo2', '2oo3')}\n{PAIR}  # here"},
        told="2 channels for 2oo3",
    ),
    Mistake(
        "HC331",
        "voted.2.tag",
        {"[[voted]]": f"{VOTE}\n{PAIR}\n[[voted]]\n{AGAIN}\n{PAIR}"},
        told="voted before",
    ),
    Mistake(
        "HC331",
        "voted.1.channels",
        {"[[voted]]": f'{VOTE}\nchannels = ["room.temperature_c", "room.temperature_c"]  # here'},
        told="named twice",
    ),
    Mistake("HC332", "protection.inlet_trip_kpa", {"protection": "inlet_trip_kpa = 950.0  # here"}),
    Mistake(
        "HC333",
        "interlock.1.tag",
        {"[[interlock]]": f'{OWN}\ntag = "room.temprature_c"  # here'},
        told="did you mean",
    ),
    Mistake(
        "HC333",
        "voted.1.channels",
        {"[[voted]]": f"{VOTE}\n{PAIR.replace('room', 'roof')}  # here"},
        told="roof.temperature_c",
    ),
)
