"""What a miner says in tests: replies as it sends them."""

import json

TEXT = (
    "Ver[1346-110-24041001] DNA[02ab] SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Elapsed[370]"
    " GHSspd[110778.38] PS[0 1199 1391 225 3126 1393 3348] SoftOFF[0]"
)
VERSION = {"PROD": "AvalonMiner 1346-110", "MODEL": "1346-110", "DNA": "02ab", "MAC": "0011"}


def said(
    letter: str = "S",
    code: int = 119,
    message: str = "ASC 0 set OK",
    when: int = 1,
    **sections: object,
) -> dict[str, object]:
    head = {"STATUS": letter, "When": when, "Code": code, "Msg": message, "Description": ""}
    return {"STATUS": [head], **sections, "id": 1}


def as_reply(value: object) -> bytes:
    return json.dumps(value).encode() + b"\0"


POLL = as_reply(
    {
        "summary": [said(code=11, SUMMARY=[{"Elapsed": 370}])],
        "estats": [said(code=70, STATS=[{"MM ID0": TEXT}])],
        "id": 1,
    }
)
