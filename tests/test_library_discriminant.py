"""The discriminant: what it does where the answer can be worked out by hand."""

from __future__ import annotations

import numpy as np

from assistant.library.discriminant import Discriminant, Group


def _group(*rows: list[float]) -> Group:
    return Group(np.array(rows, np.float32), np.ones(len(rows), np.float32))


def test_the_direction_in_which_lines_of_one_note_differ_is_left_out() -> None:
    """Both notes spread along the first axis; only the second tells them apart, however far along the first a query lies."""
    low, high = _group([-1, 0], [1, 0.1], [0, -0.1]), _group([-1, 1], [1, 1.1], [0, 0.9])
    scores = Discriminant([low, high]).scores(np.array([[5, 0.9], [-5, 0.1]], np.float32))
    assert scores[0, 1] > scores[0, 0]
    assert scores[1, 0] > scores[1, 1]


def test_scores_come_in_the_order_of_the_groups() -> None:
    a, b = _group([1, 0], [0.9, 0.1]), _group([0, 1], [0.1, 0.9])
    query = np.array([[1, 0]], np.float32)
    assert np.allclose(Discriminant([a, b]).scores(query), Discriminant([b, a]).scores(query)[:, ::-1])


def test_a_heavier_line_draws_its_notes_mean() -> None:
    light = Group(np.array([[1, 0], [0, 1]], np.float32), np.array([1, 1], np.float32))
    heavy = Group(np.array([[1, 0], [0, 1]], np.float32), np.array([1, 9], np.float32))
    other = _group([-1, -1], [-0.9, -1.1])
    query = np.array([[0, 1]], np.float32)

    def lead(group: Group) -> float:
        scores = Discriminant([group, other]).scores(query)
        return float(scores[0, 0] - scores[0, 1])

    assert lead(heavy) > lead(light)


def test_one_line_for_each_note_is_enough_to_work() -> None:
    made = Discriminant([_group([1, 0]), _group([0, 1])])
    assert made.scores(np.array([[1, 0.2]], np.float32)).argmax() == 0
