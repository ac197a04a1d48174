"""`hearth check` on a plant of bought devices: what is missing, doubled, or does not fit."""

from pathlib import Path

from controller.desk.site import examine_site

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.vendor.example.toml"


def changed(tmp_path: Path, old: str, new: str) -> list[tuple[str, str, int | None]]:
    """Code, text and line of what `check` finds in the example after a change."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "plant.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return [(one.code, one.text, one.line) for one in examine_site(path).findings]


def test_the_example_of_bought_devices_is_without_a_doubt() -> None:
    assert examine_site(EXAMPLE).findings == ()


def test_check_names_a_tag_that_nobody_provides_and_one_that_two_provide(tmp_path: Path) -> None:
    ((code, text, _),) = changed(tmp_path, '"district-pump.speed_pct" = "reference_pct"\n', "")
    assert (code, text) == ("HC207", "no device provides district-pump.speed_pct")

    ((code, text, _),) = changed(
        tmp_path,
        '"ecl.temperature_c"',
        '"primary.cold_temperature_c" = "s5_c"\n"ecl.temperature_c"',
    )
    assert (code, text) == ("HC208", "ecl and analogue-in provide primary.cold_temperature_c")


def test_check_names_the_line_of_a_binding_that_does_not_fit(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").splitlines()
    ((code, told, line),) = changed(
        tmp_path, '"district.flow_lpm" = "flow_v1"', '"district.flow_lpm" = "t1_c"'
    )

    assert (code, told) == ("HC222", "t1_c is in '°C', and the tag is in L/min")
    assert text[line - 1] == '"district.flow_lpm" = "flow_v1"'


def test_a_meter_may_be_tags_of_another_device(tmp_path: Path) -> None:
    found = changed(
        tmp_path, '"ecl.temperature_c" = "outdoor_c"', '"yard.temperature_c" = "outdoor_c"'
    )
    assert [code for code, _, _ in found] == ["HC207"]
    text = EXAMPLE.read_text(encoding="utf-8").replace('outdoor = "ecl"', 'outdoor = "yard"')
    path = tmp_path / "plant.toml"
    path.write_text(text.replace('"ecl.temperature_c"', '"yard.temperature_c"'), encoding="utf-8")

    assert examine_site(path).findings == ()
