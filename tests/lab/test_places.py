import pytest

from controller.config.load import ConfigError
from controller.lab.places import shape


@pytest.mark.parametrize(
    ("miners", "containers"), [(1, 1), (3, 1), (40, 1), (228, 3), (920, 10), (5_000, 25), (997, 1)]
)
def test_so_many_miners_stand_in_containers_of_about_92(miners: int, containers: int) -> None:
    count, units = shape(miners)

    assert (count, count * units) == (containers, miners)


def test_a_plant_without_miners_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least one"):
        shape(0)
