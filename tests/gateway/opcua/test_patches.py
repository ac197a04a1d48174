"""Asyncua's decoder, repaired: no few bytes keep it busy for ever."""

import struct

import pytest
from asyncua import ua
from asyncua.common.utils import Buffer, NotEnoughData
from asyncua.server.monitored_item_service import MonitoredItemValues
from asyncua.ua.ua_binary import variant_from_binary, variant_to_binary

from controller.gateway.opcua import patches


@pytest.fixture(autouse=True)
def repaired() -> None:
    patches.apply()


def test_an_array_of_nothings_is_refused() -> None:
    body = bytes([0x80]) + struct.pack("<i", 1_000_000)

    with pytest.raises(NotEnoughData):
        variant_from_binary(Buffer(body))


def test_a_negative_length_does_not_move_backwards() -> None:
    strings = bytes([0x80 | ua.VariantType.String.value]) + struct.pack("<ii", 1_000_000, -4)

    with pytest.raises(NotEnoughData):
        variant_from_binary(Buffer(strings))


def test_a_matrix_of_thin_air_is_refused() -> None:
    kind = 0xC0 | ua.VariantType.Byte.value
    body = bytes([kind]) + struct.pack("<iiii", 0, 2, 1000, 1000)

    with pytest.raises(ua.UaError):
        variant_from_binary(Buffer(body))


@pytest.mark.parametrize(
    "variant",
    [
        ua.Variant(None, ua.VariantType.Null),
        ua.Variant(1.5, ua.VariantType.Double),
        ua.Variant(["a", None], ua.VariantType.String, is_array=True),
        ua.Variant([], ua.VariantType.Double, is_array=True),
    ],
)
def test_what_is_in_order_is_read_as_before(variant: ua.Variant) -> None:
    assert variant_from_binary(Buffer(variant_to_binary(variant))) == variant


def test_a_watched_value_is_kept_without_a_copy() -> None:
    values = MonitoredItemValues()
    first, second = ua.DataValue(ua.Variant(1.0)), ua.DataValue(ua.Variant(2.0))

    values.set_current_datavalue(first)
    values.set_current_datavalue(second)

    assert values.get_old_datavalue() is first
    assert values.get_current_datavalue() is second
