"""Who waits for a turn gets it in the order in which they came."""

from concurrent.futures import ThreadPoolExecutor

from forum.core.turns import Turns

PATIENT = 60.0


def test_turns_come_in_the_order_in_which_they_are_waited_for() -> None:
    turns, served = Turns(), list[int]()
    turns.take(PATIENT)

    def wait(number: int) -> None:
        turns.take(PATIENT)
        served.append(number)
        turns.give()

    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(wait, number)
            while len(turns._waiting) <= number:
                pass
        turns.give()
    assert served == list(range(8))


def test_who_waits_too_long_goes_without_a_turn() -> None:
    turns = Turns()
    turns.take(PATIENT)
    assert not turns.take(seconds=0.001)


def test_who_went_without_a_turn_keeps_nobody_from_theirs() -> None:
    turns = Turns()
    turns.take(PATIENT)
    turns.take(seconds=0.001)
    turns.give()
    assert turns.take(seconds=0.001)


def test_there_are_as_many_turns_at_once_as_places() -> None:
    turns = Turns(places=2)
    assert [turns.take(seconds=0) for _ in range(3)] == [True, True, False]
