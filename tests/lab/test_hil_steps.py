"""Files of steps: what they mean, and every mistake with its line and its remedy."""

from pathlib import Path

import pytest

from controller.config.load import ConfigError
from controller.lab.hil.problems import StepsError
from controller.lab.hil.reading import read_steps
from controller.lab.hil.steps import figures_of, points_set
from controller.lab.hil.verb import bench_words, checked_steps, given_numbers, rig_clock
from tests.tidy.sources import ROOT

EXAMPLE = ROOT / "deploy" / "hil.example.toml"
HEAD = 'name = "Trial"\n[given]\nfull_kw = 200.0\n[bench]\nrig = 8028\n'
STEP = '[[step]]\nname = "one"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "steps.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> str:
    with pytest.raises(StepsError) as caught:
        checked_steps(written(folder, text))
    return str(caught.value)


def with_plant(folder: Path) -> str:
    """The head of a file whose bench has the example's plant."""
    plant = ROOT / "deploy" / "plant.example.toml"
    (folder / "plant.toml").write_text(plant.read_text(encoding="utf-8"), encoding="utf-8")
    return 'name = "Trial"\n[bench]\nrig = 8028\nplant = "plant.toml"\n'


def test_the_example_is_without_mistake_and_uses_every_door_of_a_rig() -> None:
    file = checked_steps(EXAMPLE)

    doors = {point.partition(":")[0] for point in (*figures_of(file), *points_set(file))}
    assert doors == {"rig", "fault", "monitor", "link", "cdu", "heat-meter"}
    assert 0.0 < file.lasts_at_most_s() < 2 * 3600.0


def test_the_same_steps_fit_another_plant_by_other_numbers() -> None:
    small = checked_steps(EXAMPLE, {"full_heat_kw": 100.0})

    demand = next(step for step in small.step if step.name == "Demand rises")
    assert demand.set == {"link:heat_demand_kw": 60.0}
    assert (demand.expect[1].near, demand.expect[1].by) == (60.0, 6.0)


def test_only_named_steps_are_kept_and_an_unknown_name_is_guessed() -> None:
    chosen = checked_steps(EXAMPLE, only=["Emergency stop", "It runs"])

    assert [step.name for step in chosen.step] == ["It runs", "Emergency stop"]
    with pytest.raises(ConfigError, match="did you mean 'Emergency stop'"):
        checked_steps(EXAMPLE, only=["Emergency stopp"])


def test_the_bench_can_be_another_one_by_the_command_line(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + STEP)

    file = read_steps(path, bench={"rig": "9000", "link": "/tmp/a.sock"})  # noqa: S108 - a name

    assert (file.bench.rig, file.bench.link) == (9000, Path("/tmp/a.sock"))  # noqa: S108
    with pytest.raises(StepsError, match=r"bench\.wire: there is no such key"):
        read_steps(path, bench={"wire": "9000"})


def test_relative_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    text = 'name = "Trial"\n[bench]\nlink = "run/link.sock"\n' + STEP

    assert read_steps(written(tmp_path, text)).bench.link == tmp_path / "run" / "link.sock"


def test_a_share_is_of_a_given_number_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    text = HEAD + STEP + 'set = { "rig:network_demand_kw" = "12.5 % of full_kw" }\n'

    file = read_steps(written(tmp_path, text))
    wrong = problems_of(tmp_path, text.replace("of full_kw", "of all_kw"))

    assert file.step[0].set == {"rig:network_demand_kw": 25.0}
    assert "'all_kw' is not given" in wrong
    assert "--given all_kw=NUMBER; there are: full_kw" in wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 1\n", "steps.toml:1: name: input should be a valid string"),
        ("name = \n", "steps.toml:1: invalid value"),
        ('name = "a"\n', "step: is missing"),
        (HEAD + STEP + "waits_s = 1\n", "no such key, did you mean 'wait_s'"),
        (HEAD + STEP + "wait_s = -1\n", "steps.toml:8: step.1.wait_s: input should be greater"),
        (HEAD + STEP + 'wait_s = "long"\n', "step.1.wait_s: expected a number, not a text"),
        (HEAD + STEP + "wait_s = nan\n", "step.1.wait_s"),
        (HEAD + STEP + 'set = { "outdoor_c" = 1 }\n', "is no point\n    remedy: write DOOR:NAME"),
        (HEAD + STEP + 'set = { "rig:wind" = 1 }\n', "'wind' cannot be set"),
        (HEAD + STEP + 'set = { "rig:outdoor_c" = 99 }\n', "give a number from -60 to 60"),
        (HEAD + STEP + 'set = { "rig:outdoor_c" = "warm" }\n', "'warm' is refused"),
        (HEAD + STEP + 'set = { "monitor:unsafe" = 0 }\n', "nothing of the monitor can be set"),
        (HEAD + STEP + 'set = { "link:trip_reset" = "" }\n', "link: is not connected"),
        (HEAD + STEP + 'set = { "plc:run" = true }\n', "there is no door 'plc'"),
        (HEAD + STEP + STEP, "'one' is there twice"),
        (HEAD + STEP + '[[step.expect]]\nfigure = "rig:x"\n', "nothing is wanted of it"),
        (
            HEAD + STEP + '[[step.expect]]\nfigure = "rig:x"\nis = true\nlow = 1\n',
            "is and bounds exclude each other",
        ),
        (
            HEAD + STEP + '[[step.expect]]\nfigure = "rig:x"\nlow = 2\nhigh = 1\n',
            "nothing lies between 2 and 1",
        ),
        (
            HEAD + STEP + '[[step.expect]]\nfigure = "rig:x"\nlow = 2\nby = 1\n',
            "by belongs to near",
        ),
        (HEAD + '[[always]]\nfigure = "monitor:magic"\nhigh = 0\n' + STEP, "monitor:magic is not"),
        (HEAD + 'record = ["opcua:x"]\n' + STEP, "say where it is: [bench] opcua"),
        (HEAD + 'password = "x"\n' + STEP, "looks like a secret"),
        (HEAD + '[bench.opcua]\nurl = "opc.tcp://me:pw@host"\n' + STEP, "bench.opcua.url"),
        (
            HEAD + '[bench.opcua]\nurl = "opc.tcp://host"\nkey = "key.pem"\n' + STEP,
            "certificate and key go together",
        ),
        ('name = "a"\n[bench]\nplant = "none.toml"\n' + STEP, "none.toml"),
    ],
)
def test_a_mistake_is_told_with_place_and_remedy(tmp_path: Path, text: str, expected: str) -> None:
    told = problems_of(tmp_path, text)

    assert expected.lower() in told.lower()
    assert "remedy: " in told


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('set = { "cdu:pump-1.speed" = 1 }', "pump-1.speed cannot be set"),
        ('set = { "cdu:pump-1.speed_pct" = 101 }', "0 to 100 %"),
        ('set = { "cdu:pump-1.speed_pct" = "fast" }', "not 'fast'"),
        ('set = { "cdu:primary.flow_lpm" = 1 }', "cannot be written"),
        ('set = { "fault:pump-9" = "off" }', "nothing is called 'pump-9'"),
        ('set = { "fault:pump-1" = "wet" }', "it has ok, off, local, stuck; and mended"),
    ],
)
def test_what_a_plant_has_not_is_found_before_anything_is_touched(
    tmp_path: Path, line: str, expected: str
) -> None:
    head = with_plant(tmp_path)

    assert expected in problems_of(tmp_path, f"{head}{STEP}{line}\n")


def test_a_device_of_its_own_needs_no_plant_and_must_not_take_a_doors_name(tmp_path: Path) -> None:
    device = '[[device]]\nname = "meter"\nprofile = "sim_heat_meter"\nhost = "127.0.0.1"\n'
    expect = '[[step.expect]]\nfigure = "meter:power_kw"\nlow = 0\n'

    file = checked_steps(written(tmp_path, HEAD + device + STEP + expect))
    taken = problems_of(tmp_path, HEAD + device.replace('"meter"', '"rig"') + STEP)
    absent = problems_of(tmp_path, HEAD + device.replace("sim_heat", "no_heat") + STEP)

    assert file.device[0].name == "meter"
    assert "'rig' names a door that is there already" in taken
    assert "no_heat_meter" in absent


def test_all_mistakes_are_told_at_once_from_the_top_down(tmp_path: Path) -> None:
    told = problems_of(tmp_path, HEAD + "width = 1\n" + STEP + "waits = 1\nneeded = 3\n")

    places = [line.split(": ")[1] for line in told.splitlines() if line.startswith(str(tmp_path))]
    assert places == ["bench.width", "step.1.waits", "step.1.needed"]


@pytest.mark.parametrize("word", ["full_heat_kw", "full_heat_kw=much", "a=nan", "a="])
def test_a_given_number_is_a_name_and_a_number(word: str) -> None:
    with pytest.raises(ConfigError, match="write NAME=NUMBER"):
        given_numbers([word])


def test_words_of_the_command_line_are_pairs(tmp_path: Path) -> None:
    assert given_numbers(["a=1", "b=-2.5"]) == {"a": 1.0, "b": -2.5}
    assert bench_words(["rig=8028"]) == {"rig": "8028"}
    with pytest.raises(ConfigError, match="write KEY=VALUE"):
        bench_words(["rig"])
    with pytest.raises(StepsError, match="the file has no such number"):
        read_steps(written(tmp_path, HEAD + STEP), {"half_kw": 1.0})


def test_without_a_rig_the_clock_is_the_real_one(tmp_path: Path) -> None:
    file = read_steps(written(tmp_path, 'name = "Trial"\n' + STEP))

    assert rig_clock(file) == "1"
