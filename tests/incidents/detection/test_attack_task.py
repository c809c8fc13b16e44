import numpy as np
import pytest

from clients.listening.evaluation.protocol import Options, WrongFile
from incidents.detection.tasks import attack
from incidents.detection.tasks.attack import PileOns
from incidents.detection.tasks.attack_messages import QUESTIONS, wanted
from incidents.detection.tasks.attack_people import ROLES, assigned

# Written by hand for these tests: who says what in a quarrel of five.
LINES = (
    ("a", "bully", "OAG", "t'es nul dégage d'ici"),
    ("b", "bully_support", "OAG", "ouais dégage on veut pas de toi"),
    ("c", "victim", "NAG", "mais laissez moi j'ai rien fait"),
    ("d", "victim_support", "NAG", "laissez le il a rien fait"),
    ("e", "conciliator", "NAG", "calmez vous tous on arrete"),
    ("a", "bully", "OAG", "nul de chez nul dégage"),
    ("c", "victim", "NAG", "j'ai rien fait moi"),
    ("b", "bully_support", "CAG", "ouais on veut pas de toi"),
)


def _file(folder, name, scenes, labelled=True):
    rows = ["scenario,author,text,role,hate"]
    for scene in range(scenes):
        rows += [f"{name}{scene},{who},{text},{role if labelled else ''},{hate}" for who, role, hate, text in LINES]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def _light():
    return PileOns(reads=lambda encoder, texts: None, trees=20)


def _answers(train, test):
    return list(attack.answer([train], test, Options(), _light()))


def test_each_message_gets_a_line_and_each_participant_one_role(tmp_path):
    lines = _answers(_file(tmp_path, "train", 6), _file(tmp_path, "test", 2, labelled=False))

    assert [line["row"] for line in lines] == [str(n) for n in range(16)]
    assert {line["author"]: line["role"] for line in lines} == {who: role for who, role, *_ in LINES}
    assert lines[0]["aggressive"] == "yes" and lines[2]["aggressive"] == "no"
    assert {line["author"]: line["side"] for line in lines}["d"] == "target"


def test_the_labels_of_the_test_file_change_no_answer(tmp_path):
    train = _file(tmp_path, "train", 4)
    seen = _answers(train, _file(tmp_path, "test", 1))

    assert seen == _answers(train, _file(tmp_path, "test", 1, labelled=False))


def test_what_else_was_said_of_the_messages_is_learnt_where_there_is_a_column():
    row = {"role": "bully", "hate": "OAG", "target": "victim", "intention": "ATK"}
    bare = {"role": "bully", "hate": "OAG"}
    said, less = (dict(zip(QUESTIONS, marks[0], strict=True)) for marks in (wanted([row]), wanted([bare])))

    assert said["pack"] and said["aggressive"] and said["hits the target"] and said["intention ATK"]
    assert less["pack"] and less["aggressive"] and not less["hits the target"] and not less["intention ATK"]


def test_the_score_compares_participants_not_messages(tmp_path):
    test = _file(tmp_path, "test", 2)
    answers = _answers(_file(tmp_path, "train", 6), test)
    figures = {figure.name: figure.value for figure in attack.score(test, answers, Options())}

    assert figures["role, macro-F1"] == figures["side, accuracy"] == 1.0


def test_hostile_messages_and_a_scene_of_one_get_a_defined_answer(tmp_path):
    test = tmp_path / "odd.csv"
    odd = ["", "🙂🙂", "x" * 50_000, "‏שלום", "\0"]
    test.write_text("scenario,author,text\n" + "\n".join(f"s,p,{text}" for text in odd) + "\nalone,,?", "utf-8")
    lines = _answers(_file(tmp_path, "train", 4), test)

    assert len(lines) == 6
    assert {line["role"] for line in lines} <= set(ROLES)


def test_a_single_scene_is_too_little_to_learn_from(tmp_path):
    with pytest.raises(WrongFile, match="several scenes"):
        _answers(_file(tmp_path, "train", 1), _file(tmp_path, "test", 1))


def test_a_scene_has_one_victim_and_a_second_bully_only_when_it_is_likely():
    logs = np.log(np.full((4, 5), 0.1))
    logs[:, ROLES.index("victim")] += [0, 2, 3, 0]
    logs[:, ROLES.index("bully")] += [4, 0, 0, 3]

    assert assigned(logs, second=-1.0) == ["bully", "bully_support", "victim", "bully"]
    assert assigned(logs, second=-9.0).count("bully") == 1
