"""A commented playbook to start from, for `followup playbook new`."""

from __future__ import annotations

import re

from followup.errors import FollowupError
from followup.files.playbook_schema import KEY_PATTERN

_KEY_LINE = re.compile(r"^playbook:[ ]*(?P<key>[^\s#]+)", re.MULTILINE)


def starter_playbook(key: str, *, text_of_model: str | None = None) -> str:
    """The text of a new playbook `key`: a model with its comments kept, or a small one that explains itself.

    Raises `FollowupError` for a key that cannot name a playbook and for a model without a `playbook:` line.
    """
    if not re.fullmatch(KEY_PATTERN, key):
        raise FollowupError(
            f"{key!r} cannot be the key of a playbook",
            hint="use a-z, 0-9, _ and -: followup playbook new my_playbook",
        )
    if text_of_model is None:
        return _STARTER.replace("KEY", key, 1)
    match = _KEY_LINE.search(text_of_model)
    if match is None:
        raise FollowupError("the model has no line that begins with playbook:", hint="followup playbook list")
    text = text_of_model[: match.start("key")] + key + text_of_model[match.end("key") :]
    return _COPIED.format(model=match["key"]) + text


_COPIED = """\
# Made from the playbook {model}. Change it line by line and check it as you go: followup playbook check FILE
# What every key means: followup playbook schema, or a small file: followup playbook new KEY
"""

_STARTER = """\
# A small playbook with every key explained. Change it line by line and check it as you go:
#   followup playbook check FILE                     every problem at once, with line and column
#   followup playbook preview FILE --signed DATE     the plan before anyone is called
# Text that holds ": " or " #", or that begins with one of { [ * & ! @ % > | must stand in "quotes".
playbook: KEY
version: 1                    # of this language
title: What this playbook is for, in one line
goal: Customers reach their first result within a month and stay.
kpi: nps                      # nps, csat or ces: one scale for the whole playbook
complexity: moderate          # simple, moderate or complex: presets for curve, watch and gaps
life_cycle: maturity          # introduction, growth, maturity or decline: of the product on the market
extensiveness: medium         # low, medium or high: contact that the purchase brings by itself

# Every date that a step may hang on. `sale` and `live` always exist; plain words say what a date means.
anchors:
  sale: contract signed
  live: {says: use starts, default: sale}                          # default: the guess while it is unknown
  renewal: {says: end of the paid term, default: sale+1y, repeats: 1y}   # repeats: after what it comes again

# Where each stage begins; it ends where the next begins. Stages that are left out follow from `complexity`.
stages:
  before_sale: {from: sale-21}
  novelty: {from: sale}
  learning: {from: live+7, trough: live+28}                        # trough: the lowest day of the dip
  effectiveness: {from: live+66}
  maintenance: {from: live+180}

first_result: the customer did the job that they bought it for, and says so

# What can be handed over. mode: passive (they read or watch) or active (a person helps). fee: it costs money.
resources:
  first_steps: {title: First three steps, mode: passive, form: video, link: "https://example.com/start"}
  help_desk: {title: Help desk on working days, mode: active, form: help_desk, fee: false}

# Own names for messages, to be typed when drafting, and own purposes:
placeholders:
  first_win: the first small job that will work
# purposes:
#   site_audit: {stages: [learning, maintenance], service: prevention, move: adjust}

# Any number of the schedule may be changed, under the names that `followup playbook schema` lists:
# curve: {depth: 0.35}
# contact: {caps_90_days: {phone: 2}}

steps:
  - id: fit_check                          # unique in the file
    stage: before_sale
    when: sale-14                          # anchor, stage or trough, then +N or -N (d bd w m y); learning+25%
    window: [-4, 4]                        # days before and after that are still fine
    channel: meeting                       # phone, email, message, letter, visit, meeting, video, ...
    fallback: phone                        # the channel for the second try
    to: decider                            # decider, user, champion or finance; left out: the main contact
    purpose: fit_check                     # why we make contact; the service follows from it
    goal: Make sure that it fits before anyone signs.
    gives: An honest list of what it does not do.
    ask:                                   # one to three questions, open and about what they do
      - Which job takes most of your time now?
      - What will be different in three months if this works?
    subject: Does {product} fit your work?
    # their own words in quotes: so the sentence is right whatever they said
    message: >-
      {first_name}, before you sign I would like to check {product} against what you want: "{goal}". I will
      also say where it falls short.
    outcomes:                              # words for the seller after an outcome, or words and an action
      good: Write down the goal in the customer's own words.
      concern: Record each doubt as a concern with its severity.

  - id: open_concerns
    stage: before_sale
    when: sale-5
    window: [-2, 3]
    channel: phone
    purpose: concern_resolution
    goal: Close every open concern before the signature.
    gives: A straight answer or a dated promise for each worry.
    ask:
      - What would a colleague say against it?
      - 'You work like this today: "{old_way}". Which part of leaving it worries you most?'
    subject: Your open question about {product}
    message: >-
      {first_name}, you told me: "{concern}". I would rather answer by phone, so that you can push back. Does
      {date} suit you?

  - id: welcome
    stage: novelty
    when: sale
    window: [0, 1]
    channel: email
    purpose: welcome
    goal: Confirm the decision in writing and say whom to call.
    gives: The first three steps and a direct number.
    ask:
      - Who besides you should have it this week?
    subject: Welcome, and what happens next
    message: >-
      {first_name}, thank you for choosing {product}. Your aim, in your words: "{goal}". That is what I will
      measure us by. If anything is stuck, call me: {seller_phone}.
    resources: [first_steps]
    outcomes:
      no-answer: {says: Call instead of writing again., retry: [1bd, 3bd]}     # when to try again; [] = never

  - id: plan_together
    stage: novelty
    when: sale+1bd
    window: [0, 2]
    channel: meeting
    purpose: co_planning
    goal: The customer writes the plan, and you help to improve it.
    gives: A page with names, dates and a first small win.
    ask:
      - What should be running by the end of week two?
      - What could stop the people who do the work?
    subject: Your plan for the start with {product}
    message: >-
      {first_name}, please bring a rough idea of how you could get there. Your aim, in your words: "{goal}". We
      turn the idea into dates together and begin with one small thing: {first_win}.

  - id: first_lesson
    stage: novelty
    when: live+2
    window: [0, 2]
    channel: screen_share
    fallback: phone
    purpose: education
    goal: Do one real job together.
    gives: A finished piece of their own work.
    ask:
      - Which step did you expect to be somewhere else?
    subject: One real job instead of a tour
    message: >-
      {first_name}, let us do one real job with {product} instead of a tour. Bring one that you need this
      week; twenty minutes are enough.
    resources: [first_steps, help_desk]
    outcomes:
      good: {says: Note who did it., milestone: first_use}         # milestone: what is reached

  - id: dip_call
    stage: learning
    when: live+14
    window: [-2, 2]
    channel: phone
    purpose: prevention
    goal: Catch the start of the dip and say that it is normal.
    gives: A fix, or a date for one.
    ask:
      - What took longer this week than you thought?
      - 'Where do people go back to the old way: "{old_way}"?'
    subject: One chore less
    message: >-
      {first_name}, weeks two to five are the hardest with {product}. I would like to take one chore off
      your list.
    outcomes:
      good: Keep every planned call.
      concern: {says: Record it and look again., check: 3d}        # check: look again after this time
      problem: {recovery: true}                                    # recovery: start the recovery chain

  - id: low_point
    stage: learning
    when: trough
    window: [-3, 3]
    channel: phone
    purpose: encouragement
    goal: Show how far they have come against their own goal.
    gives: A number from before and one from now.
    ask:
      - Which job is faster now than in week one?
      - What is the one thing that would make it worth it?
    subject: Your first week and today, side by side
    message: >-
      {first_name}, when you started you told me your aim: "{goal}". I have put the numbers side by side. Would
      ten minutes on {date} suit you?

  - id: you_said_we_did
    stage: learning
    when: live+40
    window: [-3, 5]
    channel: email
    purpose: close_loop
    goal: Report what happened with everything they raised.
    gives: A list of asked, done and not going to happen.
    ask:
      - Which of these still hurts?
    subject: What became of the points you raised
    message: >-
      {first_name}, these points from our talks about {product} are on my list: {feedback_items}.
      {status|Tell me which of them is not settled for you}.

  - id: result_letter
    stage: effectiveness
    when: live+75
    window: [-4, 7]
    channel: email
    purpose: reminder
    goal: Put the good news on file.
    gives: A page to show around.
    ask:
      - Is this number right, and may I keep it on file?
    subject: What has changed since {start_date}
    message: >-
      {first_name}, you chose {product} on {start_date}, and since then you have told me: "{last_result}". Please
      correct me where I am wrong.
    outcomes:
      good: {says: Note who confirmed it., milestone: first_result}

  - id: first_score
    stage: effectiveness
    when: live+90
    window: [-3, 10]
    channel: email
    need: extra                            # core: always planned; extra: comes in by profile
    if: {usage: [heavy, normal]}           # also tier, life_cycle, extensiveness, complexity, kind, tag
    purpose: feedback
    goal: A first score, after results, with its reason.
    gives: A personal answer to the comment.
    ask:
      - What has worked best for you so far?
      - How likely are you to recommend us, 0 to 10, and what is the main reason?
    subject: One score and one reason
    message: >-
      {first_name}, after three months with {product} I ask for one score, from 0 to 10, and one reason: how
      likely are you to recommend us? I answer each one myself.

  - id: introduction
    stage: effectiveness
    when: live+135
    window: [-10, 30]
    channel: phone
    purpose: lead_generation               # never in learning: early in novelty, or late in effectiveness
    goal: Ask for one name.
    gives: A short text to forward, and a report on what came of it.
    ask:
      - 'You had this problem: "{problem_solved}". Who do you know that still has it?'
    subject: One introduction
    message: >-
      {first_name}, I ask for one introduction, because you told me: "{last_result}". If you know one person who
      still has the problem you had, it would mean a lot.
    outcomes:
      no-answer: {says: Leave it., retry: []}

  - id: needs_review
    stage: maintenance
    when: maintenance+2w
    every: 180d                            # comes again, from the last real contact; cycle: with its anchor
    window: [-7, 14]
    channel: meeting
    purpose: needs_assessment
    goal: Learn what has changed, as if meeting them for the first time.
    gives: A fresh view of where time and money go.
    ask:
      - What has changed since we last sat down?
      - What would be on your list if you were buying today?
    subject: A fresh look at what you need
    message: >-
      {first_name}, it is some months since we looked at what you need from {product}. I would like to begin
      with a blank page.

  - id: news
    stage: maintenance
    when: live+210
    every: 120d                            # with `until: ANCHOR` a repeat ends at a date
    window: [-10, 20]
    channel: email
    purpose: informative
    goal: Share one development that matters to them.
    gives: The news, and why it concerns them.
    ask:
      - Which part of this would change your week?
    subject: News about {product}
    message: >-
      {first_name}, here is some news about {product}: {news}. What it means for you: {why_it_matters}.

  - id: renewal_value
    stage: maintenance
    when: renewal-60
    every: cycle
    deadline: renewal                      # the anchor past which it never moves
    any_stage: true                        # hangs on its date, whatever the stage
    any_day: false                         # true: may fall on a weekend or holiday
    window: [-10, 10]
    channel: meeting
    purpose: renewal
    goal: Review the value before any talk of price.
    gives: The record of results since the start.
    ask:
      - Which results would you miss most?
    subject: What you got out of {product}
    message: >-
      {first_name}, your term ends on {renewal_date}. Before any paperwork, let us see what you got out of
      {product}.
"""
