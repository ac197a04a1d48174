"""Lists of IPv4 addresses as plant.toml writes them: one, from-to, or a network."""

from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

MOST: Final = 1_000
"""Miners in one container."""


def expand(entries: Iterable[str]) -> list[IPv4Address]:
    """Every address of a list, in its order; ValueError says what is wrong with an entry."""
    return [address for entry in entries for address in expand_one(entry)]


def expand_one(entry: str) -> list[IPv4Address]:
    """The addresses of one entry: "10.0.1.5", "10.0.1.7-10.0.1.40", "10.0.1.7-40" or a network."""
    text = entry.strip()
    if "/" in text:
        return _network(text)
    first_text, dash, last_text = (part.strip() for part in text.partition("-"))
    first = usable(first_text)
    if not dash:
        return [first]
    if last_text.isdecimal():
        last_text = f"{first_text.rpartition('.')[0]}.{last_text}"
    last = usable(last_text)
    count = int(last) - int(first) + 1
    if count < 1:
        raise ValueError(f"{text!r} ends before it begins")
    _check_count(text, count)
    return [first + step for step in range(count)]


def usable(text: str) -> IPv4Address:
    """An address at which one device can be reached; ValueError for any other text."""
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        raise ValueError(f"{text!r} is not an IPv4 address") from error
    if address.is_multicast or address.is_unspecified or address == IPv4Address("255.255.255.255"):
        raise ValueError(f"{text} is not the address of one device")
    return address


def _network(text: str) -> list[IPv4Address]:
    try:
        network = IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network: {error}") from error
    # Before the hosts are listed: 0.0.0.0/0 has four billion.
    _check_count(text, network.num_addresses - 2)
    usable(str(network.network_address + network.num_addresses // 2))
    return list(network.hosts())


def _check_count(text: str, count: int) -> None:
    if count > MOST:
        raise ValueError(f"{text!r} names {count} addresses; a container holds at most {MOST}")
