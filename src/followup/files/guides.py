"""How to hold a conversation, for each purpose: what it is for, how to begin, listen, ask and end (C20).

Written to be read in half a minute before a call. Each guide begins where the customer is, asks openly about what
they do (C10), and ends with what they get and the next date (C19). Service and selling never meet in one contact
(E15, A2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Way:
    """A part of the conversation that depends on the person or on the subject."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One purpose: `summary` for a list, the parts of the conversation in their order, and what to type after it.

    `ask` are three to five open questions of which two or three are used, `avoid` is what not to say, `ways` is what
    differs from case to case, `written` is for a contact in writing, `record` are commands with ID for the number.
    """

    purpose: str
    summary: str
    aim: str
    begin: str
    listen: str
    ways: tuple[Way, ...] = ()
    ask: tuple[str, ...]
    avoid: str
    end: str
    written: str
    record: tuple[str, ...]


_ALL = (
    Guide(
        purpose="fit_check",
        summary="before they sign: does it really fit what they need?",
        aim="Find out whether it is right for them, and say so if it is not. A sale that should not have been made "
        "costs both of you more than one that was lost.",
        begin='"Before you decide I would like to know whether this is right for you, and I will say if it is not."',
        listen="Let them describe their day, not your product. Say the need back in their words until they agree with "
        "every one of them.",
        ask=(
            "How do you do it today, step by step, and where does it hurt?",
            "What made you look for something else just now?",
            "Whom else have you looked at, and what do they do better than we do?",
            "What could make this the wrong choice for you?",
            "Who will work with it, and what do they say about the change?",
        ),
        avoid="A yes to every wish. A bad word about a rival. Asking what they expect of you: it only makes them "
        "judge harder later.",
        end="Compare openly: where it fits, where it does not, where somebody else is better. They get that in "
        "writing, and you agree on the day they decide.",
        written="One page: their need in their words, what fits, what does not, what is still open.",
        record=('followup done ID ok "their need in their words"', 'followup done ID concern "what they doubt"'),
    ),
    Guide(
        purpose="concern_resolution",
        summary="take up a doubt before it comes back by itself",
        aim="Bring every doubt on the table and settle it, or say honestly that you cannot. What is left open now "
        "comes back when the work gets hard, and weighs more then.",
        begin='Acknowledge it first: "I can see why that worries you, and I am glad you said it." Say the worry back '
        "in their words, without a but. Only then explain anything.",
        listen="The first doubt is seldom the real one. Wait after the answer. A doubt about your own company is the "
        "hardest to say aloud: make it easy.",
        ask=(
            "What exactly do you fear would happen?",
            "When did that thought first come up?",
            "What have you seen or heard elsewhere that makes you careful?",
            "What would settle it for you?",
            "What else is on your list, however small?",
        ),
        avoid='"You need not worry." A discount in place of an answer. Proof before they have finished speaking. '
        "Defending the company they have a doubt about.",
        end="They get a straight answer, or a name and a day for it. Ask whether it is settled: if not, it stays open "
        "and you say when you come back to it.",
        written="Begin with the worry as they put it, then one answer, then the day of the next word.",
        record=(
            'followup done ID good "what settled it"',
            'followup done ID concern "what is left of it" --promise "the answer" --by fri',
        ),
    ),
    Guide(
        purpose="co_planning",
        summary="they plan their start, and you help",
        aim="Their plan for their start: they lead, you bring what others have learned. It will not prevent every "
        "fault, but everybody knows who does what when one comes.",
        begin='Offer the choice: "Some plan the start together with me, some do it alone and show me the result. '
        'Which suits you better?" Both answers are right.',
        listen="Let them hold the pen and name the steps first. Where they hesitate there is a person or a date that "
        "nobody has spoken about yet.",
        ask=(
            "What should work first, and by when?",
            "Who has to be there on your side, and what else is on their desk that week?",
            "What went wrong the last time you brought in something new?",
            "At which point would you want to stop and call me?",
        ),
        avoid='Bringing the finished plan. "Our procedure." Leaving work to them that is yours: they notice, and '
        "remember it when something fails.",
        end="Read it back as their plan: who, what, until when. They get it in writing the same day, and the next "
        "date is one that they named.",
        written='Offer two ways and two dates: "Shall we plan it together, or do you and I only look over it?"',
        record=('followup done ID good "what they want to have first"',),
    ),
    Guide(
        purpose="welcome",
        summary="the first word after the purchase: reassure, and show the way",
        aim="They have just decided and wonder whether it was right. Give their own reason back to them, one first "
        "step, and a name for when something is wrong.",
        begin="Their name, what they bought, and why they chose it, as they said it. In writing first: a call is for "
        "help, not for thanks.",
        listen="If a doubt comes now, be glad: it came early. Take it up at once, or name the day on which you do.",
        ask=(
            "What do you want to do with it first?",
            "Who else will work with it from the beginning?",
            "Which part of the first step is still unclear?",
            "When would a short call help you, and when would it disturb?",
        ),
        avoid="Thanks with nothing in it. A page full of links. Anything else to buy. The company's history.",
        end="They have one first step, one name and number for trouble, with the wish that they use it early, and the "
        "date of your next contact.",
        written="Six lines: their reason, the first step, your number, the next date. No attachment that must be read.",
        record=('followup done ID good "what they want to do first"',),
    ),
    Guide(
        purpose="prevention",
        summary="find the trouble before they do",
        aim="Ask where others get stuck before it happens here, and keep dates from outside in sight. While spirits "
        "are falling, a small fault weighs double.",
        begin='Say why you call: "About now this is where it usually pinches. I would rather ask before it does."',
        listen='Listen for ways around: "we do it by hand for now" is the fault that nobody reports. Ask to see it.',
        ask=(
            "Which part have you put off so far, and why?",
            "Where do people still go back to the old way?",
            "What took longer this week than it should have?",
            "Which date that you cannot move is coming up?",
        ),
        avoid="Frightening them. Reading a checklist aloud. Something to buy: whoever prevents does not sell.",
        end="Put one thing right while you talk, or say who does and until when. They get the date on which you look "
        "again.",
        written="One thing to check, how to check it in a minute, and your number if it is not as it should be.",
        record=('followup done ID good "what is in order"', 'followup done ID problem "what you found"'),
    ),
    Guide(
        purpose="education",
        summary="one thing that they can do afterwards",
        aim="Teach the one thing they need next, so that they do it alone tomorrow. Not what it can do: what they "
        "want to get done.",
        begin='"Which job is next on your desk? Let us do that one together."',
        listen="They do it, you watch. Be silent longer than is comfortable. What they skip is what they have not "
        "understood.",
        ask=(
            "Which job do you want to get done with it this week?",
            "Where did you hesitate just now, and what would have helped?",
            "What have you tried that did not work?",
            "How do you learn such things best: reading, watching, or together with somebody?",
            "Who else needs to be able to do this?",
        ),
        avoid='"That is easy." Three lessons in one. A course that costs something before the free help, or without '
        "its price. Anything to buy.",
        end="They have done it once with their own hands. They get it to read or to watch, and you do the same point "
        "again in about a week, then in about three.",
        written="One job, the steps in order, one picture or link, and the offer to do it together.",
        record=(
            'followup done ID good "what they did alone" --understood yes',
            'followup done ID ok "where they got stuck" --understood no',
        ),
    ),
    Guide(
        purpose="feedback",
        summary="hear what works and what does not, and why",
        aim="Find out whether they get what they bought it for. Silence is not satisfaction, and an answer is worth "
        "more than a score.",
        begin="With what went well, as an open question. Do not announce a survey: whoever is told to judge looks for "
        "faults.",
        listen="Write down their words, not yours. After the answer count to three: the second half is the better "
        "one. Ask why once, kindly.",
        ways=(
            Way(
                "New on the market",
                "Ask for ideas for improvement: what is missing, what should be built first, what they have made "
                "themselves to get by. Who uses it most knows most.",
            ),
        ),
        ask=(
            "What has worked best for you since we last spoke?",
            "You bought it for a purpose: how far has it brought you there?",
            "What got in the way the last time you used it?",
            "If you could improve one thing about it, which would it be?",
            "What do you do with it that nobody had planned?",
        ),
        avoid="More than three questions. Explaining why it has to be so. A question that can be answered with yes. "
        "An offer.",
        end="Say back what you heard. Every point gets an answer by a day you name, a no with its reason as well.",
        written="Three lines: what you remember of last time, one open question, one score if it is time for one.",
        record=(
            'followup done ID good "their words" --score 9',
            'followup done ID good,idea "what they would improve"',
        ),
    ),
    Guide(
        purpose="encouragement",
        summary="carry them through the weeks in which it is mostly work",
        aim="Most work and least to show for it: that passes, and sooner with company. Find the one obstacle that is "
        "worth removing today.",
        begin='"At this point many find it more work than it gives back. How much of that is true for you?"',
        listen="For weariness more than for faults. Name the feeling before the facts: it sounds like a long month. "
        "Then let them go on.",
        ask=(
            "What costs you the most effort right now?",
            "What went a little easier this week than the week before?",
            "What would help you to keep at it for the next two weeks?",
            "Who around you doubts it, and what do they see?",
        ),
        avoid="Cheering without helping. Customers who were faster. New features. Any favour: names, reviews and "
        "offers wait.",
        end="One obstacle less today, one small result to reach by a date that they choose. You call on that day, "
        "whatever became of it.",
        written="What they have reached already, in two lines, and one tip for the thing that is hardest now.",
        record=('followup done ID ok "what is hard"', 'followup done ID good "what got easier" --usage up'),
    ),
    Guide(
        purpose="close_loop",
        summary="tell them what became of what they said",
        aim="They said something or you promised something: now they hear what came of it. A promise is kept when "
        "they know about it, not before.",
        begin='Quote them, with the day: "In March you said that the export takes too long. Here is what happened."',
        listen="Ask whether it is what they meant. If not, it is not closed. Thank them for the correction, too.",
        ask=(
            "What does this change in your work?",
            "What did we miss of what you meant?",
            "What else have you told us that nobody has answered yet?",
        ),
        avoid='"We are working on it" without a day. A no that hides behind a rule. Thanks in place of an answer.',
        end="Three honest answers: it is done, it is planned for a day, or it will not be done and why. With a day, "
        "you are the one who comes back.",
        written="Their sentence, what came of it, and if it is a no the reason in one line.",
        record=("followup promise done PROMISE --told", "followup promise done PROMISE --told --answer declined"),
    ),
    Guide(
        purpose="recovery",
        summary="something went wrong, and you put it right",
        aim="Fast, open and to the end: answer within four working hours, news every three days, solved within a "
        "week, sooner for somebody new.",
        begin="Acknowledge first, in one breath and without a but: what happened, what it costs them, that it should "
        "not have happened. Only then say what you do now.",
        listen="Let them finish, the second time as well. Say their trouble back until they say: exactly. Look for no "
        "guilt, theirs or a colleague's.",
        ask=(
            "What does it stop you from doing right now?",
            "What have you tried already, so that nobody makes you do it again?",
            "What would help today, before it is really mended?",
            "Who else has trouble from it, and what should they hear from me?",
        ),
        avoid='Reasons before help. "Our policy." An apology or a voucher where something must be mended. A day that '
        "you cannot keep. Nothing is sold until two weeks after it works.",
        end="They have a name, the next step and the hour of your next word. You ask two days after it is mended "
        "whether it is, and again after two weeks. The second failure: go there, with somebody who can decide.",
        written="After the call three lines: what happened, what we do, when you hear from me.",
        record=('followup done ID ok "what they need now"', 'followup done ID good "what they said once it worked"'),
    ),
    Guide(
        purpose="reminder",
        summary="put their good results on record",
        aim="Results fade from memory, problems do not. Write down what they have reached, with dates and in their "
        "words, so that whoever decides next can read it.",
        begin='"I went through what you told me since the start and wrote it down. Please look whether it is right."',
        listen="Correct it while they speak. The sentence they add by themselves is the one to keep.",
        ask=(
            "What is better now than a year ago, in your own words?",
            "Which figure of yours would show it?",
            "Who in your house should see this?",
            "What is still missing until you would call it a success?",
        ),
        avoid="Your adjectives. Results they did not name. Leaving out the problems: a record without them is not "
        "believed. A request in the same breath.",
        end="They get the record, problems and how they ended included. A new decision maker gets it from you in "
        "person.",
        written="Three results with their dates, and the question whether one is missing.",
        record=('followup done ID good "the result in their words"', "followup file CUSTOMER --format html -o FILE"),
    ),
    Guide(
        purpose="informative",
        summary="one piece of news that touches their situation",
        aim="Give them something to know, not something to buy. One subject, chosen for this customer.",
        begin='"You told me about your plans for spring. I came across something that touches them."',
        listen="What they do with the news tells you what comes next for them. Note it; do not answer with an offer.",
        ways=(
            Way("Your products", "what is new, what is going to end, what others in their place do with it."),
            Way("Your company", "who is there for them now, what changes in service, what you have learned."),
            Way("Their industry", "rules, dates, prices, what their own customers ask for these days."),
        ),
        ask=(
            "What would that change for you?",
            "Which of your plans does it touch?",
            "What do you hear about it from others in your field?",
        ),
        avoid="A newsletter for everybody. News about yourself alone. A price at the end. Somebody else's story with "
        "a name that you may not give.",
        end="They get the source or a summary they can pass on, and know when you write again.",
        written="Two sentences: what is new, and why you thought of them. Then one question.",
        record=('followup done ID ok "what it means for them"',),
    ),
    Guide(
        purpose="lead_generation",
        summary="ask for one introduction, where there is reason to give one",
        aim="One name from somebody who is glad they bought: in the first joy, or when the results are there. Never "
        "while they struggle, and once in half a year at most.",
        begin="Name the result they told you about and thank them for it. Then say plainly that you have a favour to "
        "ask, and that a no is fine.",
        listen="A pause is not yet a no. If it is one, thank them and leave it. What they would say about you is "
        "worth as much as the name.",
        ask=(
            "Who comes to mind that struggles with what you have solved?",
            "Who else in your own house could use it?",
            "What would you tell them about it, the good and the bad?",
            "How should I approach them: with your name, or better without?",
        ),
        avoid="Asking with a problem open, or before they understand what they have. A whole list. A reward that "
        "nobody may know about. Asking twice.",
        end="They get something useful to pass on. You thank within a day, and tell them within two weeks what came "
        "of it, even if nothing did.",
        written="Two sentences that they can forward as they are, and the way to say no.",
        record=('followup done ID good,referral "what they said" --referred "First Last"',),
    ),
    Guide(
        purpose="needs_assessment",
        summary="learn what has changed for them",
        aim="Needs move, and rivals ask about them as well. Learn what is different, without an answer in your pocket.",
        begin='"It is half a year since we looked at this. I would like to understand what has changed for you."',
        listen="Stay with the need: how often, who suffers from it, what it costs. Say it back in their words before "
        "you say a single one of yours.",
        ask=(
            "What is different in your work from half a year ago?",
            "What would you do next if you had a free hand?",
            "What does it cost you as long as that is not solved?",
            "Who else has offered you something for it?",
            "Who would have to agree if you did something about it?",
        ),
        avoid="The catalogue. Questions that lead to your product. An offer in the same conversation. Solving what "
        "nobody asked about.",
        end="Sum up the need in their words. They get your summary, and a day to talk about it. No need is a good "
        "answer, too: ask when to look again.",
        written="What you know about their situation in three lines, and the question what has changed.",
        record=(
            'followup done ID good "what has changed"',
            'followup done ID good --opportunity "the need they named"',
        ),
    ),
    Guide(
        purpose="decision_criteria",
        summary="help them to judge such things, yours included",
        aim="Next time they choose, they should choose well. Who has helped them to judge fairly is asked again.",
        begin='"You will decide about this again one day. How would you go about it?" Their answer shows which way '
        "to go.",
        listen="Do they name points and weigh them, or do they ask you what counts? Go the way that fits.",
        ways=(
            Way(
                "They are new to it",
                "teach a way to decide: three to five points, why each counts, how to test it, what to ask anybody "
                "who offers. You among them.",
            ),
            Way(
                "They know the field",
                "discuss their criteria openly: which, how heavy, why. Say where you are weak. Offer one they have "
                "not named, with its reason.",
            ),
        ),
        ask=(
            "How would you choose today if you had to choose again?",
            "Which point would weigh most, and which would you drop?",
            "How would you find out whether somebody keeps what they promise?",
            "What did you learn from the last choice?",
        ),
        avoid="A list on which only you can win. Teaching somebody who knows more than you. Talk of price. Rivals by "
        "name.",
        end="They get the criteria on one page, theirs to use with anybody, and the date on which you look at it "
        "again.",
        written="The three questions you would ask any seller in your field, and why.",
        record=('followup done ID good "what counts for them"',),
    ),
    Guide(
        purpose="persuasive",
        summary="propose one thing that follows from a need they named",
        aim="One proposal for one need, when they are content and nothing is open. No need on record: this call is "
        "not due; ask about needs first.",
        begin='Say what it is: "In March you told me what costs you so much time. I have a proposal for that."',
        listen="The objection is the way to the yes: ask about it before you answer it. Hear whether the need still "
        "stands at all.",
        ask=(
            "How does that need look today?",
            "What would have to be true for this to be worth it?",
            "What speaks against it?",
            "Who else has to agree, and what will they ask first?",
        ),
        avoid="Selling in a call about service. A deadline that is yours, not theirs. A discount as a reason. A "
        "second proposal when the first was declined.",
        end="They get the proposal on one page with its price, and a day for a yes or a no. A no costs them nothing: "
        "your service stays the same.",
        written="Their need, the proposal, the price, the day. Half a page.",
        record=(
            'followup done ID purchase "what they bought"',
            'followup done ID ok "why not now"',
        ),
    ),
    Guide(
        purpose="renewal",
        summary="another term, because of what it has brought them",
        aim="They go on because it is worth it, and they know what. First the value, later the terms. Whoever is "
        "content and quiet gets something of value before any talk of plans or price.",
        begin="With their results on one page, problems included. Ask which of them counts. Terms come after that, "
        "on another day if need be.",
        listen="For what they do not say about the past term. A new name in the conversation is the most important "
        "news.",
        ask=(
            "Which result was worth most to you in this term?",
            "What has to be better in another one?",
            "What would you miss if it stopped tomorrow?",
            "Who decides this time, and what do they need to see?",
        ),
        avoid='"We have a better plan for you" to somebody who asked for nothing. A surprise in the terms. A higher '
        "price in small print. Pressure by date.",
        end="They get the terms in writing, with every change and its reason, and the day on which they sign. Nothing "
        "stops by accident: say what happens until then.",
        written="Their results in three lines, the date on which the term ends, and what you would like to talk about.",
        record=('followup done ID good "what they want to be better"', "followup file CUSTOMER"),
    ),
)

GUIDES: Mapping[str, Guide] = MappingProxyType({guide.purpose: guide for guide in _ALL})
"""Every built-in purpose, in the order of the stages."""
