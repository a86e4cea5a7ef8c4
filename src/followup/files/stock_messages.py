"""Stock messages: the words of contacts that the plan adds by itself, and of steps whose author wrote none.

They are held to what playbooks are held to: personal (C5), with a question about something that was done (C9, C10),
the reason first (E15), trouble acknowledged before any cure (C13). Names of their own stand beside those of
`placeholders`; their values come from what was recorded, in the customer's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LOW, HIGH = "low", "high"
"""How practised somebody is in judging such things (B36)."""

TOPICS = ("products", "company", "industry")
"""What news is about, in turn: what the seller makes, the seller's company, the customer's trade (B31)."""

TOPIC_WORDS: Mapping[str, str] = MappingProxyType(
    {"products": "your products", "company": "your own company", "industry": "the customer's trade"}
)

STOCK_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "trouble": "the trouble they have, in their own words",
        "promised": "what they were promised",
        "answer": "what becomes of their idea",
        "referred": "whom they named",
    }
)
"""Names that only stock messages use: what they mean. Nobody types them; they come from the record."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A subject and a message, with names in braces."""

    subject: str
    message: str


_CONCERN = Stock(
    "Your question about {product}",
    '{first_name}, you told me: "{concern}". That is a fair worry, and I would rather settle it now than have it '
    "come back once {product} is part of your day. {finding|I am putting the facts together and will give you a "
    "straight answer}. What would have to be true for you to call it settled?",
)
_ACKNOWLEDGE = Stock(
    "I am sorry about the trouble with {product}",
    "{first_name}, I am sorry about the trouble with {product}: {trouble|it does not do what you need}. That should "
    "not have happened, and I see that it costs you time. What happens next: {next_step|I look into it today and "
    "tell you the day by which it is solved}. What does it keep you from doing right now?",
)
_WATCH = Stock(
    "{product}: what gets in the way",
    "{first_name}, these are the weeks in which {product} asks more of you than it gives, and I would rather hear of "
    "it early than late. What got in your way lately? Name the most annoying thing, and I see to it first.",
)
_WATCH_AGAIN = (
    Stock(
        "One nuisance less",
        "{first_name}, between the day on which you chose {product} and the day on which everything runs by itself, "
        "small nuisances pile up. Which one have you put up with longest? I take it on myself and tell you the day by "
        "which it is gone.",
    ),
    Stock(
        "The time it takes you",
        "{first_name}, everything new takes time at first, and {product} is no exception. What took you longer these "
        "days than you had thought? I want to make that one thing shorter.",
    ),
    Stock(
        "Something nobody told you",
        "{first_name}, with {product} there is always something that nobody explains and everybody has to find out. "
        "What did you have to find out for yourself lately, and what is still unclear? You get an answer, or somebody "
        "who knows.",
    ),
    Stock(
        "{product}, on an ordinary day",
        "{first_name}, I would like to know how you get on with {product} on an ordinary day, the tiresome part as "
        "well. What have you put off because it is too much bother? I start there.",
    ),
)
_CATCH_UP = Stock(
    "{product}: how it goes by now",
    "{first_name}, it is some time since you chose {product}, and I would like to hear what has become of it. What "
    "has gone well so far, and what got in the way? I help with the first thing you name.",
)
_KEEP_IN_TOUCH = Stock(
    "A word about {product}",
    "{first_name}, nothing is due between us, and that is when things go unnoticed, so I ask: what has "
    "changed for you and {product} since we last spoke, and what comes next on your side?",
)
_KEEP_IN_TOUCH_AGAIN = (
    Stock(
        "{product}, and how you are doing",
        "{first_name}, we have had no reason to talk for a while, which is often a good sign, but I would rather know. "
        "What went well with {product} lately, and what did you have to work around?",
    ),
    Stock(
        "Before too much time goes by",
        "{first_name}, before too much time goes by I would like to hear where you stand with {product}. What is new "
        "on your side since we last spoke, and what have you given up?",
    ),
)
_UPDATE = Stock(
    "Where it stands with {product}",
    "{first_name}, I am sorry that you are still waiting; this is not solved yet: {trouble|the trouble you "
    "reported}. Where it stands with {product}: {status|we are at work on it, and you hear from me again "
    "within three days}. What has changed about it on your side?",
)
_UPDATE_AGAIN = (
    Stock(
        "News about the trouble with {product}",
        "{first_name}, I have this before me every day until it is solved: {trouble|the trouble you reported}. The "
        "news about {product}: {status|we are still at work on it, and I write again within three days in any case}. "
        "How do you manage in the meantime, and what would make that easier?",
    ),
    Stock(
        "{product}: not solved and not forgotten",
        "{first_name}, I am sorry that it takes so long: {trouble|the trouble you reported}. What I can say about "
        "{product} today: {status|it is not solved yet, and you hear from me again within three days}. What has it "
        "kept you from doing since we last spoke?",
    ),
)
_NEEDS = Stock(
    "What has changed since we last looked",
    "{first_name}, I would like to look at your situation again as if for the first time; much may have changed "
    "since you chose {product}. What is different from a few months ago, and what would you change next if you had a "
    "free hand?",
)
_NEEDS_AGAIN = (
    Stock(
        "What you would do differently today",
        "{first_name}, some of what we said when you chose {product} may no longer be true. What has become more "
        "important since then, and what has gone? I only want to understand; I bring nothing to sell.",
    ),
    Stock(
        "What lies ahead of you",
        "{first_name}, I would like half an hour to understand what lies ahead of you, with {product} or without it. "
        "What have you decided for the coming months, and what holds you up?",
    ),
)
_GOOD_NEWS = Stock(
    "What you have reached with {product}",
    "{first_name}, this stands in my record since you chose {product}: {last_result}. I would like whoever decides "
    "later to find it. Which figure would you correct or add?",
)
_GOOD_NEWS_AGAIN = (
    Stock(
        "So that it is not lost",
        "{first_name}, so that it is not lost, this is what I have noted from you about {product}: {last_result}. What "
        "has been added since, in a figure or in a sentence?",
    ),
    Stock(
        "For whoever asks about {product}",
        "{first_name}, one day somebody will ask you what {product} was good for. So far I would show them this: "
        "{last_result}. What did I leave out?",
    ),
)
_NAME = Stock(
    "Somebody with the same problem",
    "{first_name}, I am asking for a favour, because {product} works for you: I would like to meet one person who "
    "struggles with what you have solved. Who comes to mind first? I will tell you what came of it, whatever it is.",
)
_NAME_AGAIN = (
    Stock(
        "Who still has it before them",
        "{first_name}, you have been through it with {product} and know by now what helps. Whom do you know that still "
        "has all of it before them? One name is enough, and I mention you only if you agree.",
    ),
    Stock(
        "One name, if one comes to mind",
        "{first_name}, I like best to meet people through somebody who knows both of us, and you know {product} from "
        "your own days. Who has asked you about it lately? I am careful with a name, and you hear what came of it.",
    ),
)
_PROPOSAL = Stock(
    "A thought that follows from our talk",
    "{first_name}, when we spoke about {product} you named a need: {need}. I have one proposal that follows from it, "
    "made with your own figures. What would have to be true for it to be worth your while?",
)
_PROPOSAL_AGAIN = (
    Stock(
        "One step towards what you named",
        "{first_name}, this has stayed with me since we spoke about {product}: {need}. I have worked out one step, "
        "with its cost and its limits. What would it have to bring before you take it?",
    ),
    Stock(
        "An answer, and what it does not solve",
        "{first_name}, you told me what you need: {need}. I have one answer to it that builds on {product}, and I say "
        "as openly what it does not solve. What speaks against it from where you stand?",
    ),
)
_NEWS: Mapping[str, Stock] = MappingProxyType(
    {
        "products": Stock(
            "News about {product}",
            "{first_name}, something we make has changed, and it touches you as somebody who uses {product}: {news}. "
            "For you it means: {why_it_matters}. Which of your jobs would that change first?",
        ),
        "company": Stock(
            "News from {seller_company|our company}",
            "{first_name}, something changes at {seller_company|our company}, and you should hear it from me first: "
            "{news}. For you and {product} it means: {why_it_matters}. What else would you want to know about it?",
        ),
        "industry": Stock(
            "One development in your trade",
            "{first_name}, one development in your trade made me think of {company|you}: {news}. With {product} in "
            "mind it means: {why_it_matters}. What have you done about it so far?",
        ),
    }
)
_CRITERIA: Mapping[str, Stock] = MappingProxyType(
    {
        "": Stock(
            "How to judge something like {product}",
            "{first_name}, before anybody has to choose again I would like to compare notes with you on how to judge "
            "something like {product}, mine included. Which two things would decide it for you today?",
        ),
        LOW: Stock(
            "A way to decide about something like {product}",
            "{first_name}, choosing something like {product} is hard when one does it once in some years, so here is "
            "a way to decide: write down the three jobs it must do, give each a weight from one to five, let every "
            "supplier show them to you, ours as well, and add up. Which three jobs would stand on your list?",
        ),
        HIGH: Stock(
            "Your criteria and mine",
            "{first_name}, you judge things like {product} more often than most, so I would like to lay my own "
            "criteria open and hear where yours differ: what it costs over its life, what a failure costs, and how "
            "hard it is to leave again. Which of them would you weigh differently, and what is missing?",
        ),
    }
)

_CRITERIA_AGAIN: Mapping[str, tuple[Stock, ...]] = MappingProxyType(
    {
        "": (
            Stock(
                "The question nobody asked",
                "{first_name}, you know more about {product} than on the day you chose it. Which question did nobody "
                "ask then that you would ask today? I tell you mine in return.",
            ),
            Stock(
                "If a friend had to choose",
                "{first_name}, suppose that a friend had to choose something like {product} next month and came to "
                "you. What would you tell them to look at first, and what did you overrate yourself?",
            ),
        ),
        LOW: (
            Stock(
                "Three questions before choosing",
                "{first_name}, nobody gets practice in choosing something like {product}, so here is a way to decide "
                "with three questions to any supplier, us as well: who comes when it fails, what does it cost over "
                "all its years, and whom may I ask who has had it for two? Which of them would have helped you most "
                "the last time?",
            ),
            Stock(
                "Your hardest case as a test",
                "{first_name}, with something like {product} one trial tells more than ten descriptions, and it makes "
                "a way to decide: take your own hardest case, let every supplier do just that one, us as well, and "
                "write down what went wrong. Which case would you take?",
            ),
        ),
        HIGH: (
            Stock(
                "Where my criteria may be wrong",
                "{first_name}, you have an eye for things like {product}, and I would rather be corrected by you than "
                "by chance. I put reliability first, the cost over its life second and the way out third. What order "
                "has proved right for you?",
            ),
            Stock(
                "What the usual comparison misses",
                "{first_name}, the usual comparison of things like {product} counts features and prices, and misses "
                "what happens on a bad day. What do you measure that others leave out, and what did it show you the "
                "last time?",
            ),
        ),
    }
)

CRITERIA_LINES: Mapping[str, str] = MappingProxyType(
    {
        LOW: "If it helps, here is a simple way to decide: write down the three things that must not fail, give each "
        "a weight from one to five, and let every supplier show you those three, us as well.",
        HIGH: "I would rather lay my own criteria open than defend them: tell me which ones you would weigh "
        "differently, and which of yours are missing.",
    }
)
"""What a message about how to judge gets besides, by how practised they are (B36)."""

IDEA_QUESTION = "If you could change one thing about {product}, what would make the biggest difference to you?"
"""What feedback asks besides while the product is new on the market (A15)."""

STOCK: Mapping[str, Stock] = MappingProxyType(
    {
        "dip_watch": _WATCH,
        "concern": _CONCERN,
        "concern_again": Stock(
            "Your question, once more",
            '{first_name}, you told me: "{concern}". It is still open with me, and the first weeks of real work with '
            "{product} are when such a worry comes back. {finding|I would like to go through it with you now}. What "
            "is left of it since you use it yourself?",
        ),
        "concern_check": Stock(
            "Where your question stands",
            '{first_name}, this was not settled when we last spoke: "{concern}". I have not let go of it. Where it '
            "stands for {product}: {status|I will bring you up to date when we talk}. What is still missing before "
            "you would call it settled?",
        ),
        "catch_up": _CATCH_UP,
        "keep_in_touch": _KEEP_IN_TOUCH,
        "recovery_acknowledge": _ACKNOWLEDGE,
        "recovery_update": _UPDATE,
        "recovery_fix": Stock(
            "{product} is mended",
            "{first_name}, I am sorry for what you had to put up with: {trouble|the trouble with it}. {product} is "
            "mended now. {finding|I will show you what was done so that it stays so}. Which job do you want to try "
            "first, so that I am at hand if it fails?",
        ),
        "recovery_verify": Stock(
            "Is it really solved for you?",
            "{first_name}, you have had trouble enough with this: {trouble|what went wrong}. We call it mended, but "
            "only you can say whether it is. Where has {product} still got in your way since then?",
        ),
        "recovery_recheck": Stock(
            "Two weeks after",
            "{first_name}, some two weeks ago we mended this trouble for you: {trouble|what went wrong}. I have not "
            "forgotten it. What have you noticed about {product} since then?",
        ),
        "recovery_visit": Stock(
            "I am coming over",
            "{first_name}, I am sorry: for the second time {product} has let you down. {trouble|It should not have "
            "happened again}. I do not want to settle that from afar, and I bring somebody who can decide. "
            "{slots|Tell me which day this week suits you}. What would make it right for you?",
        ),
        "low_score_call": Stock(
            "Your score for {product}",
            "{first_name}, thank you for the honest score for {product}. A low one tells me that something went "
            "wrong which I did not see, and I would like to understand it. What happened that cost the most points?",
        ),
        "look_again": Stock(
            "What was left half done",
            "{first_name}, when we last spoke one point about {product} was left half done, and I said that I would "
            "look again. How far have you come with it since then, and what is still in the way?",
        ),
        "find_successor": Stock(
            "Who looks after {product} now?",
            "Good day, until now {first_name} looked after {product} with me, and I hear that this has changed. Who "
            "looks after it now, and from when? I have a short handover ready: what was agreed, what is open, whom "
            "to call.",
        ),
        "meet_successor": Stock(
            "Introducing myself: {product}",
            "{first_name}, you now decide about {product}, and I would like to introduce myself before you have to "
            "ask. I bring one page with what it has achieved so far and what went wrong. What will you judge it by "
            "in your first months?",
        ),
        "referral_thanks": Stock(
            "Thank you for your trust",
            "{first_name}, thank you for naming {referred|somebody to me}. I will be careful with that, and you will "
            "hear what came of it. You know both sides and you know {product}: what should I know before I call?",
        ),
        "referral_report": Stock(
            "What came of the name you gave me",
            "{first_name}, you named {referred|somebody to me}, and you should hear what came of it: {status}. That "
            "trust means as much to me as {product} working for you. What did they tell you about our talk?",
        ),
        "promise": Stock(
            "Where it stands: what I promised",
            "{first_name}, I owe you something about {product}: {promised}. {status|I have not forgotten it, and you "
            "hear from me when it is done}. What has changed on your side that I should know of?",
        ),
        "promise:done": Stock(
            "As promised",
            "{first_name}, I owed you something about {product}: {promised}. {status|It is done}. What is still "
            "missing before it is what you had in mind?",
        ),
        "promise:concern": Stock(
            "Your question is not forgotten",
            "{first_name}, I owe you an answer about {product}: {promised}. {status|I want it to be a straight "
            "one, and you get it from me as soon as it is}. What have you seen since then that makes it weigh more?",
        ),
        "promise:concern:done": Stock(
            "My answer to your question",
            "{first_name}, I owed you an answer about {product}: {promised}. {status|I have seen to it}. What is still "
            "missing before you would call it settled?",
        ),
        "promise:idea": Stock(
            "What becomes of your idea",
            "{first_name}, you suggested this for {product}: {promised}. {answer|It has not been lost, and you hear "
            "from me as soon as it is decided}. Where would it help you first?",
        ),
        "rhythm_needs": _NEEDS,
        "rhythm_news": _NEWS["products"],
        **{f"rhythm_news:{topic}": words for topic, words in _NEWS.items()},
        "rhythm_good_news": _GOOD_NEWS,
        "rhythm_criteria": _CRITERIA[""],
        **{f"rhythm_criteria:{level}": words for level, words in _CRITERIA.items() if level},
        "rhythm_name": _NAME,
        "rhythm_proposal": _PROPOSAL,
        "renewal_review": Stock(
            "What {product} was worth to you",
            "{first_name}, your term for {product} ends on {renewal_date}, and before any word about another one I "
            "would like to know what it was worth to you. Which result would you miss most, and what has to be "
            "better?",
        ),
        "renewal_terms_talk": Stock(
            "{product} from {renewal_date}: the terms",
            "{first_name}, here are the terms for {product} from {renewal_date}, with everything that changes and "
            "the reason for it. Which line should we talk through?",
        ),
        "renewal_talks": Stock(
            "What is still open before {renewal_date}",
            "{first_name}, I would like to settle with you what is still open before {product} goes on from "
            "{renewal_date}. Who else has to agree, and what do they need from me?",
        ),
        "renewal_signature": Stock(
            "{product} after {renewal_date}",
            "{first_name}, your term for {product} ends on {renewal_date}, and I would like a yes or an honest no. "
            "What would keep you from going on?",
        ),
        "renewal_last_check": Stock(
            "{product}: nothing shall stop by accident",
            "{first_name}, as things stand {product} ends on {renewal_date}, and nothing shall stop by accident. "
            "What is still to be done on your side, and what can I take off you?",
        ),
        "renewal_record": Stock(
            "What you have reached with {product}",
            "{first_name}, before your term ends this belongs on record, since you chose {product}: {last_result}. "
            "Which of it would those who decide want to see first?",
        ),
        "ask_result:known": Stock(
            "What {product} has changed for you",
            "{first_name}, this is the last good word that I have noted from you about {product}: {last_result}. I "
            "would like to put on record what it has changed for you so far. What would you write there, and what is "
            "still missing?",
        ),
        "ask_result": Stock(
            "What {product} has changed for you",
            "{first_name}, I have no result of yours on file yet and would like to know how far {product} has "
            "brought you. What has it changed so far, and what is missing until it does what you bought it for?",
        ),
    }
)
"""By step that the plan adds; `step:variant` where the words depend on what it is about."""

STOCK_FOR_PURPOSE: Mapping[str, Stock] = MappingProxyType(
    {
        "fit_check": Stock(
            "{product}: does it fit?",
            "{first_name}, before you decide I would like to test {product} against your own work, and say plainly "
            "where it does not fit. Which job must it do on an ordinary day, and who would do it?",
        ),
        "concern_resolution": _CONCERN,
        "co_planning": Stock(
            "Your plan for {product}",
            "{first_name}, the plan for {product} should be yours; I only add what others have stumbled over. What "
            "should run first, and who on your side takes it on?",
        ),
        "welcome": Stock(
            "{product}: whom to call",
            "{first_name}, thank you for choosing {product}. If anything is stuck, here is whom to call: "
            "{contact_for_trouble}. What would you like to have done with it by the end of the first week?",
        ),
        "prevention": _WATCH,
        "education": Stock(
            "One thing that helps you with {product}",
            "{first_name}, I would like to show you one thing in {product} that serves what you want: {goal|less "
            "work with the same result}. What still costs you more effort than it should?",
        ),
        "feedback": _CATCH_UP,
        "encouragement": Stock(
            "How far you have come with {product}",
            "{first_name}, this is the time at which {product} feels heaviest, and you are further than it looks on "
            "your way to this: {goal|what you bought it for}. What is easier than in your first week?",
        ),
        "close_loop": Stock(
            "What became of the points you raised",
            "{first_name}, this is what you raised about {product}, and how each of it stands: {feedback_items}. "
            "Which of it is not settled for you?",
        ),
        "recovery": _ACKNOWLEDGE,
        "reminder": _GOOD_NEWS,
        "informative": _NEWS["products"],
        **{f"informative:{topic}": words for topic, words in _NEWS.items()},
        "lead_generation": _NAME,
        "needs_assessment": _NEEDS,
        "decision_criteria": _CRITERIA[""],
        **{f"decision_criteria:{level}": words for level, words in _CRITERIA.items() if level},
        "persuasive": _PROPOSAL,
        "renewal": Stock(
            "{product}: your next term",
            "{first_name}, before we speak of another term I would like to know what {product} was worth to you. "
            "Which result would you miss most, and what has to be better?",
        ),
    }
)
"""By purpose, for a step whose author wrote no message."""


AGAIN: Mapping[Stock, tuple[Stock, ...]] = MappingProxyType(
    {
        _WATCH: _WATCH_AGAIN,
        _KEEP_IN_TOUCH: _KEEP_IN_TOUCH_AGAIN,
        _UPDATE: _UPDATE_AGAIN,
        _NEEDS: _NEEDS_AGAIN,
        _GOOD_NEWS: _GOOD_NEWS_AGAIN,
        _NAME: _NAME_AGAIN,
        _PROPOSAL: _PROPOSAL_AGAIN,
        **{words: _CRITERIA_AGAIN[level] for level, words in _CRITERIA.items()},
    }
)
"""Further wordings of what comes again and again: nobody sends the same words twice. They take turns."""

SUBJECT_FOR_PURPOSE: Mapping[str, str] = MappingProxyType(
    {
        "fit_check": "{product}: does it fit?",
        "concern_resolution": "Your question about {product}",
        "co_planning": "Our plan for {product}",
        "welcome": "Your start with {product}",
        "prevention": "A word about {product}",
        "education": "Getting on with {product}",
        "feedback": "How it goes with {product}",
        "encouragement": "How far you have come with {product}",
        "close_loop": "What became of the points you raised",
        "recovery": "The trouble with {product}",
        "reminder": "What you have reached with {product}",
        "informative": "News about {product}",
        "lead_generation": "A favour, if you like",
        "needs_assessment": "What has changed for you",
        "decision_criteria": "How to judge something like {product}",
        "persuasive": "A thought that follows from our talk",
        "renewal": "{product}: how it goes on",
    }
)
"""By purpose, for a message whose author wrote no subject."""

NO_SUBJECT = "A word from me"
"""The subject where even the product is not known."""


def stock_for_step(step: str, variant: str = "", occurrence: int = 1) -> Stock | None:
    """The words of a step that the plan adds, in the variant where there is one; None for any other step.

    A variant may have parts, `concern:done`: the nearest that has words counts. What comes again has several wordings
    (`AGAIN`): the occurrence, from 1, decides whose turn it is.
    """
    parts = variant.split(":") if variant else []
    names = [":".join((step, *parts[:count])) for count in range(len(parts), 0, -1)]
    names += [f"{step}:{part}" for part in parts[1:]]
    found = next((STOCK[name] for name in (*names, step) if name in STOCK), None)
    return _in_turn(found, occurrence) if found is not None else None


def stock_for_purpose(purpose: str, variant: str = "", occurrence: int = 1) -> Stock:
    """The words for a purpose, in the variant where there is one; an author's own purpose gets those of feedback."""
    found = STOCK_FOR_PURPOSE.get(f"{purpose}:{variant}") or STOCK_FOR_PURPOSE.get(purpose)
    return _in_turn(found or STOCK_FOR_PURPOSE["feedback"], occurrence)


def _in_turn(words: Stock, occurrence: int) -> Stock:
    wordings = (words, *AGAIN.get(words, ()))
    return wordings[(max(1, occurrence) - 1) % len(wordings)]


def subject_for_purpose(purpose: str) -> str:
    """The subject of a message for a purpose whose author wrote none."""
    return SUBJECT_FOR_PURPOSE.get(purpose, SUBJECT_FOR_PURPOSE["prevention"])


def topic_of(occurrence: int) -> str:
    """What the news of an occurrence is about; the three topics take turns (B31)."""
    return TOPICS[(max(1, occurrence) - 1) % len(TOPICS)]
