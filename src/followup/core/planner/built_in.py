"""Built-in steps: contacts that no playbook writes but the situation asks for (DOMAIN 5.1 step 5, 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from followup.core.model.playbook import Duration, Step, When

DIP_WATCH = Step(
    id="dip_watch",
    purpose="prevention",
    when=When("live"),
    channel="phone",
    goal="Look after the mood before it falls too low: nothing else is planned these days.",
    gives="A fix or a workaround for whatever is in the way.",
    ask=(
        "What took longer than you thought since we last spoke?",
        "What have you put off because it is too much bother?",
    ),
    subject="A short check",
    message=(
        "{first_name}, a short word about {product}: what got in the way lately? "
        "Tell me the most annoying thing and I will see to it first."
    ),
)
CONCERN = Step(
    id="concern",
    purpose="concern_resolution",
    when=When("live", Duration(2)),
    channel="phone",
    goal="Take up the open concern before it comes back by itself.",
    gives="A straight answer or a dated promise.",
    ask=("You had a doubt before; what has become of it?", "What would settle it for you?"),
    subject="Your question",
    message="{first_name}, you mentioned {concern}. I would like to settle that with you. Does {next_date} suit you?",
)
CONCERN_AGAIN = Step(
    id="concern_again",
    purpose="concern_resolution",
    when=When("learning"),
    channel="phone",
    goal="Settle the concern that is still open as learning starts.",
    gives="What was done about it, or an honest no.",
    ask=("What is left of that worry now that you use it?",),
    subject="Your question, again",
    message="{first_name}, {concern} is still open with us. Here is where it stands with {product}; what is missing?",
)
CONCERN_CHECK = Step(
    id="concern_check",
    purpose="concern_resolution",
    when=When("live"),
    channel="phone",
    goal="Look again at what was left open until it is settled.",
    gives="News of what was done about it since.",
    ask=("What is still missing before you would call that settled?",),
    subject="Where your question stands",
    message="{first_name}, {concern} was not settled when we last spoke. This has happened for {product} since.",
)
CATCH_UP = Step(
    id="catch_up",
    purpose="feedback",
    when=When("sale"),
    channel="phone",
    goal="Find out how they are doing: there is no contact on record since the sale.",
    gives="An open ear and help with the first thing they name.",
    ask=("What has gone well with it so far?", "What would you change about it?"),
    subject="How is it going?",
    message=(
        "{first_name}, it is a while since you chose {product}. What do you use it for today, and what gets in the way?"
    ),
)
KEEP_IN_TOUCH = Step(
    id="keep_in_touch",
    purpose="feedback",
    when=When("maintenance"),
    channel="phone",
    goal="Keep the relationship alive: nothing else is planned.",
    gives="Something useful for their situation.",
    ask=("What has changed for you since we last spoke?", "What comes next on your side?"),
    subject="A word from me",
    message="{first_name}, what has changed for you and {product} since we last spoke?",
)

# Recovery (DOMAIN 3.9).
ACKNOWLEDGE = Step(
    id="recovery_acknowledge",
    purpose="recovery",
    when=When("sale"),
    channel="phone",
    fallback="message",
    goal="Acknowledge the trouble within four working hours and say what happens next.",
    gives="A name, the next step and its day.",
    ask=("What does it stop you from doing right now?",),
    subject="Your trouble with it",
    message=(
        "{first_name}, that should not have happened, and I have seen what it costs you with {product}. "
        "I am on it; here is what happens next."
    ),
)
UPDATE = Step(
    id="recovery_update",
    purpose="recovery",
    when=When("sale"),
    channel="phone",
    fallback="message",
    goal="Say where the solution stands, before they have to ask.",
    gives="What was done since, and the next day.",
    ask=("Has anything about it changed on your side?",),
    subject="Where it stands",
    message="{first_name}, here is where we are with the trouble you had with {product}, and what comes next.",
)
FIX = Step(
    id="recovery_fix",
    purpose="recovery",
    when=When("sale"),
    channel="phone",
    fallback="email",
    goal="The fault is mended by this day, and the customer knows it.",
    gives="The mended thing and what was done to keep it so.",
    ask=("Does it do now what you need it for?",),
    subject="It is mended",
    message="{first_name}, the trouble with {product} is mended. This is what was done so that it stays so.",
)
VERIFY = Step(
    id="recovery_verify",
    purpose="recovery",
    when=When("sale"),
    channel="phone",
    fallback="message",
    goal="Hear from the customer that it is really solved.",
    gives="Your word to go on if it is not.",
    ask=("Since it was mended, where has it still got in your way?",),
    subject="Is it really solved?",
    message="{first_name}, is the trouble with {product} solved for you, or is something of it left?",
)
RECHECK = Step(
    id="recovery_recheck",
    purpose="recovery",
    when=When("sale"),
    channel="phone",
    fallback="email",
    goal="Make sure that the fault has not come back.",
    gives="Proof that you do not forget.",
    ask=("What have you noticed since?",),
    subject="Two weeks after",
    message="{first_name}, two weeks have passed since we mended {product} for you. What have you noticed since?",
)
VISIT = Step(
    id="recovery_visit",
    purpose="recovery",
    when=When("sale"),
    channel="visit",
    fallback="phone",
    goal="It is the second failure: go there yourself, with somebody who can decide.",
    gives="Your presence, an apology and a decision on the spot.",
    ask=("What would make this right for you?",),
    subject="I am coming over",
    message="{first_name}, this is the second time {product} has let you down. I am coming over to put it right.",
)
LOW_SCORE = Step(
    id="low_score_call",
    purpose="prevention",
    when=When("sale"),
    channel="phone",
    fallback="message",
    goal="Call back within a day after a low score, and listen.",
    gives="Help with the reason behind the score.",
    ask=("What would have made it one point better?",),
    subject="Your answer",
    message="{first_name}, thank you for your honest answer about {product}. What is behind it?",
)
FIND_SUCCESSOR = Step(
    id="find_successor",
    purpose="prevention",
    when=When("sale"),
    channel="phone",
    fallback="email",
    goal="Find out who follows the person who has gone.",
    gives="A short handover for whoever comes next.",
    ask=("Who looks after this now, and from when?",),
    subject="Who follows?",
    message="Good day, {first_name} looked after {product} with us. Who does now? I have a short handover for them.",
)
INTRODUCE = Step(
    id="meet_successor",
    purpose="prevention",
    when=When("sale"),
    channel="phone",
    fallback="email",
    to="decider",
    goal="Introduce yourself to the new person who decides, and bring the record of results.",
    gives="The record of results and problems so far (followup file).",
    ask=("What will you judge this by?", "What did you inherit that should change?"),
    subject="Introducing myself",
    message="{first_name}, you now look after {product}. May I bring you the record of what it has done so far?",
)
CHECK = Step(
    id="look_again",
    purpose="prevention",
    when=When("sale"),
    channel="phone",
    fallback="message",
    goal="Look again at what was left half done the last time.",
    gives="What was missing then.",
    ask=("How far have you come with it since?",),
    subject="Following up",
    message="{first_name}, last time something about {product} was left half done. How far have you come since?",
)
REFERRAL_THANKS = Step(
    id="referral_thanks",
    purpose="close_loop",
    when=When("sale"),
    channel="message",
    fallback="email",
    goal="Thank for the name within a day.",
    gives="Thanks, and a word about what you will do with the name.",
    ask=("What should I know before I call them?",),
    subject="Thank you",
    message="{first_name}, thank you for the name. I will mention {product}, and tell you what came of it.",
)
REFERRAL_REPORT = Step(
    id="referral_report",
    purpose="close_loop",
    when=When("sale"),
    channel="message",
    fallback="email",
    goal="Report back what came of the name they gave.",
    gives="What came of it, even if nothing did.",
    ask=("What did they tell you about our talk?",),
    subject="What came of it",
    message="{first_name}, you gave me a name a while ago when we spoke about {product}. Here is what came of it.",
)
PROMISE = Step(
    id="promise",
    purpose="close_loop",
    when=When("sale"),
    channel="message",
    fallback="phone",
    goal="Keep the promise and tell the customer.",
    gives="What was promised.",
    ask=("Is that what you had in mind?",),
    subject="As promised",
    message="{first_name}, as promised for {product}: here it is.",
)

# The six kinds of calls that keep a relationship in maintenance (B26), in the order in which they take turns.
NEEDS_TALK = Step(
    id="rhythm_needs",
    purpose="needs_assessment",
    when=When("maintenance"),
    channel="phone",
    fallback="email",
    goal="Learn what has changed since you last asked.",
    gives="An hour of thinking about their situation.",
    ask=("What is different from a few months ago?", "What would you do next if you had a free hand?"),
    subject="What has changed?",
    message="{first_name}, what has changed for you since we last spoke about {product}?",
)
NEWS = Step(
    id="rhythm_news",
    purpose="informative",
    when=When("maintenance"),
    channel="email",
    fallback="message",
    goal="Share one development that touches their situation.",
    gives="One piece of news that helps them.",
    ask=("What would that change for you?",),
    subject="One thing that may touch you",
    message="{first_name}, one development that may touch you and {product}: {news}. {why_it_matters}",
)
GOOD_NEWS = Step(
    id="rhythm_good_news",
    purpose="reminder",
    when=When("maintenance"),
    channel="email",
    fallback="letter",
    goal="Put a result on file, so that a new decision maker finds it.",
    gives="Their own result in a few clear lines.",
    ask=("What has got better that I should write down?",),
    subject="What you have reached",
    message="{first_name}, this is on record since you chose {product}: {last_result}. What would you add?",
)
CRITERIA_TALK = Step(
    id="rhythm_criteria",
    purpose="decision_criteria",
    when=When("maintenance"),
    channel="phone",
    fallback="email",
    goal="Help them to judge such things, including yours.",
    gives="A fair way to compare.",
    ask=("How would you choose today?",),
    subject="How to judge it",
    message="{first_name}, how would you judge something like {product} today? I have a fair way to compare for you.",
)
ASK_NAME = Step(
    id="rhythm_name",
    purpose="lead_generation",
    when=When("maintenance"),
    channel="phone",
    fallback="email",
    goal="Ask for one named introduction.",
    gives="Something useful that they may pass on.",
    ask=("Who comes to mind that struggles with what you have solved?",),
    subject="Somebody you know",
    message="{first_name}, {product} works for you. Who comes to mind that could use the same?",
)
PROPOSAL = Step(
    id="rhythm_proposal",
    purpose="persuasive",
    when=When("maintenance"),
    channel="phone",
    fallback="email",
    goal="Propose one thing that follows from a need they named.",
    gives="A proposal made for their case.",
    ask=("What would have to be true for this to be worth it?",),
    subject="A thought that follows from our talk",
    message="{first_name}, you named {need} when we spoke about {product}. I have one proposal that follows from it.",
)
ROTATION: tuple[Step, ...] = (NEEDS_TALK, NEWS, GOOD_NEWS, CRITERIA_TALK, ASK_NAME, PROPOSAL)

# The renewal chain (DOMAIN 3.6), where a playbook does not write one for this complexity.
RENEWAL_REVIEW = Step(
    id="renewal_review",
    purpose="renewal",
    when=When("renewal"),
    channel="meeting",
    fallback="phone",
    goal="Review the value before any talk of price.",
    gives="Their results on one page.",
    ask=("Which result was worth most to you?", "What has to be better for another term?"),
    subject="What it was worth",
    message="{first_name}, before we speak of another term: what was {product} worth to you? I bring the figures.",
)
RENEWAL_TERMS_TALK = Step(
    id="renewal_terms_talk",
    purpose="renewal",
    when=When("renewal"),
    channel="email",
    fallback="phone",
    goal="Clear terms, no surprise.",
    gives="The terms in writing, with what changes and why.",
    ask=("Which of these terms should we talk through?",),
    subject="The next term",
    message="{first_name}, here are the terms for {product} from {renewal_date}. What should we talk through?",
)
RENEWAL_TALKS = Step(
    id="renewal_talks",
    purpose="renewal",
    when=When("renewal"),
    channel="meeting",
    fallback="phone",
    goal="Settle what is still open with everybody who decides.",
    gives="Answers, and a paper that can be signed.",
    ask=("Who else has to agree, and what do they need?",),
    subject="What is still open",
    message="{first_name}, what is still open before {product} goes on from {renewal_date}? Let us settle it together.",
)
RENEWAL_SIGNATURE = Step(
    id="renewal_signature",
    purpose="renewal",
    when=When("renewal"),
    channel="phone",
    fallback="email",
    goal="Get a yes or an honest no.",
    gives="A clear last step.",
    ask=("What would keep you from going on?",),
    subject="Going on",
    message="{first_name}, your term for {product} ends on {renewal_date}. Shall we go on, or is something missing?",
)
RENEWAL_LAST_CHECK = Step(
    id="renewal_last_check",
    purpose="renewal",
    when=When("renewal"),
    channel="phone",
    fallback="message",
    goal="Nothing may stop by accident: see that everything is in place.",
    gives="A word that it is settled, or help at once.",
    ask=("What is still on your side?",),
    subject="Everything in place?",
    message="{first_name}, {product} ends on {renewal_date} as things stand. Is everything in place on your side?",
)
RENEWAL_RECORD = Step(
    id="renewal_record",
    purpose="reminder",
    when=When("renewal", Duration(-80)),
    channel="email",
    fallback="letter",
    goal="Put the results on file before any talk of terms.",
    gives="Their results in a few clear lines.",
    ask=("What else did it change for you?",),
    subject="What you have reached",
    message="{first_name}, before your term ends: this is on record since you chose {product}: {last_result}.",
)

# What a contact does instead, as long as what it needs is missing (DOMAIN 5.3, B34).
ASK_RESULT = Step(
    id="ask_result",
    purpose="feedback",
    when=When("effectiveness"),
    channel="email",
    goal="Ask for the result: there is no good news on file yet.",
    gives="An open ear, and help with what is still missing.",
    ask=("What has it changed for you so far?", "What is still missing until it does what you bought it for?"),
    subject="What has it changed?",
    message="{first_name}, what has {product} changed for you so far, and what is still missing?",
)

RENEWALS: tuple[Step, ...] = (
    RENEWAL_REVIEW,
    RENEWAL_TERMS_TALK,
    RENEWAL_TALKS,
    RENEWAL_SIGNATURE,
    RENEWAL_LAST_CHECK,
)

RECOVERY: tuple[Step, ...] = (ACKNOWLEDGE, UPDATE, FIX, VERIFY, RECHECK, VISIT)
ADDED_STEPS: tuple[Step, ...] = (
    DIP_WATCH,
    CONCERN,
    CONCERN_AGAIN,
    CONCERN_CHECK,
    CATCH_UP,
    KEEP_IN_TOUCH,
    *RECOVERY,
    LOW_SCORE,
    CHECK,
    FIND_SUCCESSOR,
    INTRODUCE,
    REFERRAL_THANKS,
    REFERRAL_REPORT,
    PROMISE,
    *RENEWALS,
    RENEWAL_RECORD,
    ASK_RESULT,
    *ROTATION,
)
BUILT_IN: Mapping[str, Step] = MappingProxyType({step.id: step for step in ADDED_STEPS})
