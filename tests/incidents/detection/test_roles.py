"""What each account does in an incident, from what it did."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from incidents.detection.case import Case, Post
from incidents.detection.popcorn import is_popcorn
from incidents.detection.roles import judge, origin_of, roles

AT = datetime(2026, 11, 17, 20, 58, tzinfo=UTC)


def post(number: int, author: int | None, text: str = "…", **fields: object) -> Post:
    name = f"compte{author}"
    return Post(number, AT + timedelta(minutes=number), author, text, name, "x", f"p{number}", **fields)  # type: ignore[arg-type]


def case(*posts: Post, **fields: object) -> Case:
    return Case(AT, AT + timedelta(hours=2), posts, handles=("@Aldane",), **fields)  # type: ignore[arg-type]


def of(subject: Case) -> dict[int, str]:
    return {role.author: role.role for role in roles(subject)}


STRIKE = case(
    post(1, 1, "Quelle honte", attack="yes"),
    post(2, 2, "Bien dit", attack="yes", reply_to="p1"),
    post(3, 3, "Et moi ma commande ?", intent="complaint", reply_to="p1"),
    post(4, 4, "mdr 🍿", reply_to="p1"),
    post(5, 5, "Quelle honte", fold="repost", kind="repost", refers_to="p1"),
    post(6, 6, "Laissez les tranquilles", intent="support"),
    post(7, 7, "Une polémique enfle", role="media", intent="news"),
    post(8, 8, "Je ne sais pas"),
)


def test_each_shows_a_role_by_what_it_does_and_the_undecided_none() -> None:
    assert of(STRIKE) == {
        1: "instigator",
        2: "follower",
        3: "customer",
        4: "spectator",
        5: "relay",
        6: "defender",
        7: "media",
    }
    assert judge(STRIKE)["undecided"] == 1


def test_who_strikes_often_and_draws_answers_leads_on() -> None:
    answers = [post(20 + n, 50 + n, "oui", reply_to="p11") for n in range(3)]
    origin = [post(30 + n, 60 + n, "oui", reply_to="p1") for n in range(4)]
    second = (post(11, 9, "Honte", attack="yes"), post(12, 9, "Encore", attack="yes"))
    assert of(case(*STRIKE.posts, *second, *answers, *origin))[9] == "leader"


def test_what_a_person_confirmed_stands() -> None:
    told = roles(case(*STRIKE.posts, confirmed={2: "customer"}))
    assert [(r.role, r.confidence) for r in told if r.author == 2] == [("customer", 1.0)]


def test_a_real_outage_has_customers_and_nobody_at_the_origin() -> None:
    found = of(case(*[post(n, n, "Plus de réseau", intent="complaint", attack="no") for n in range(1, 30)]))
    assert set(found.values()) == {"customer"}


def test_an_angry_crowd_that_nobody_answers_has_no_origin_and_says_what_fails() -> None:
    angry = [post(n, n, "Honteux, encore une panne", attack="yes") for n in range(1, 9)]
    found = of(case(*angry, post(9, 9, "Vous êtes nuls", attack="yes")))
    assert Counter(found.values()) == {"customer": 8, "follower": 1}


def test_a_laugh_is_popcorn_and_a_claim_or_a_blow_is_not() -> None:
    assert is_popcorn(post(1, 1, "ptdr 😂 @Aldane")) and is_popcorn(post(1, 1, "🍿🍿"))
    assert not is_popcorn(post(1, 1, "mdr ma commande 4512 jamais reçue"))
    assert not is_popcorn(post(1, 1, "lol", attack="yes")) and not is_popcorn(post(1, 1, ""))


def test_much_popcorn_speaks_for_a_lower_severity() -> None:
    told = judge(case(post(1, 1, "Honte", attack="yes"), *[post(n, n, "mdr") for n in range(2, 9)]))
    assert "gravité moindre" in told["popcorn"]["fr"] and told["popcorn_share"] > 0.8


def test_cycles_and_unknown_accounts_get_a_defined_answer() -> None:
    loop = case(
        post(1, 1, "a", reply_to="p2", attack="yes"), post(2, 2, "b", reply_to="p1"), post(3, None, "\0" * 50_000)
    )
    assert of(loop)[1] == "instigator"
    assert judge(case())["rows"] == []


def test_one_message_makes_a_role_possible_and_several_make_it_probable() -> None:
    posts = [post(1, 1, attack="yes"), post(2, 2, attack="yes", reply_to="p1"), post(3, 3, intent="support")]
    posts += [post(4, 4, intent="complaint"), post(5, 4, intent="complaint"), post(6, 5, attack="yes", reply_to="p1")]
    said = {role.author: role.basis[0]["fr"].split(",")[0] for role in roles(case(*posts))}
    assert said == {1: "probable", 2: "possible", 3: "possible", 4: "probable", 5: "possible"}


def test_popcorn_is_not_said_to_lessen_what_many_complain_of() -> None:
    laughs = [post(n, n, "mdr 🍿") for n in range(1, 21)]
    complaints = [post(n, n, "Ma commande ?", intent="complaint") for n in range(30, 40)]
    assert "10 comptes exposent un grief" in judge(case(*laughs, *complaints))["popcorn"]["fr"]
    assert "gravité moindre" in judge(case(*laughs, *complaints[:2]))["popcorn"]["fr"]
    half = judge(case(*laughs[:9], *(post(n, n, "Je passais") for n in range(50, 60))))["popcorn"]["fr"]
    assert "gravité" not in half, "47 % is less than half"


def test_a_news_account_is_never_at_the_origin() -> None:
    told = case(post(1, 7, "Scandale", attack="yes", role="media"), post(2, 2, "Bien dit", reply_to="p1"))
    assert origin_of(told) is None and of(told) == {7: "media"}
