"""The development lines of review: mirrors as a 1.5B model writes them, half of them fit to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistant.review import Reason, default_reviewer

ENTRIES = {
    "mugs": (
        "its been 3 weeks and i still set out two mugs in the morning. then i put one back like an idiot. work is fine "
        "i guess, nobody there knows"
    ),
    "mark": (
        "I was the one who ended it and everyone assumes I'm fine. Mark cried in the car and I can't get the sound out "
        "of my head. I keep thinking I should call and check he's ok but I know that would just be for me."
    ),
    "lake": (
        "she posted a photo from the lake. OUR lake. with him. I looked at it eleven times, I counted. then I cleaned "
        "the whole oven at midnight"
    ),
    "papers": (
        "Fourteen years and what I feel is mostly relief, and then guilt about the relief. The boys are asleep. I "
        "signed the papers on the kitchen table next to their homework."
    ),
    "blue": (
        "He texted at 2am: 'u up'. I didnt answer. I lay there holding the phone until it got light. I feel so "
        "abandoned, and stupid for still wanting him. My sister says block him. I can't do it yet."
    ),
    "dog": (
        "Anna took the dog on Sunday. Biscuit looked back at me from her car. I don't miss Anna, I miss the dog, and I "
        "said that to my mum and she laughed and then I cried in Tesco."
    ),
    "letter": (
        "I miss you. I hate that I miss you. You left your grey jumper on my chair and I haven't moved it. You didn't "
        "even say goodbye properly."
    ),
    "work": (
        "We work in the same office so I see him every day. Today he laughed with Priya by the printer and I went to "
        "the toilets and sat there for ten minutes. I want to ask him what was so funny. I won't."
    ),
    "gran": (
        "My gran asked where he was at her 80th and I said he had a cold. I'm tired of lying. I am not angry, I just "
        "don't know how to say it out loud. He said he needed space. That was in March."
    ),
    "drunk": (
        "3 glasses of wine and i have typed the same message to her four times. i dont want to be this person. she "
        "asked me to stop writing. i deleted it."
    ),
}


@dataclass(frozen=True)
class Line:
    """One line: whose entry it mirrors, the sentence, and the reasons of which one must be given; none means it must pass."""

    entry: str
    text: str
    reasons: tuple[Reason, ...] = field(default=())


R = Reason
GOOD = tuple(
    Line(*pair)
    for pair in (
        ("mugs", "You still set out two mugs in the morning, and then you put one back."),
        ("mugs", "It has been three weeks, and nobody at work knows."),
        ("mugs", "You wrote that work is fine, but that nobody there knows about it."),
        ("mugs", "Three weeks on, there are still two mugs in the morning."),
        ("mugs", "You put one mug back, and you called yourself an idiot for it."),
        ("mugs", 'You wrote that you put one back "like an idiot".'),
        ("mark", "You ended it, and people assume that you are fine."),
        ("mark", "The sound of Mark crying in the car stays in your head."),
        ("mark", "You keep thinking about calling him, and you wrote that it would be for you."),
        ("mark", "You were the one to end it, and the sound of Mark in the car has not left you."),
        ("mark", "You wrote that you keep thinking you should call and check on him, though it would be just for you."),
        ("mark", "You can't get the sound of him crying out of your head."),
        ("lake", "She posted a photo from the lake, and you looked at it eleven times."),
        ("lake", "You counted: eleven looks at one photo."),
        ("lake", "At midnight you cleaned the whole oven."),
        ("lake", "It was your lake, and she was there with him."),
        ("lake", "You looked at the photo eleven times and then cleaned the oven at midnight."),
        ("lake", 'You wrote "OUR lake".'),
        ("papers", "You wrote that you feel mostly relief, and then guilt about it."),
        ("papers", "After fourteen years you signed the papers at the kitchen table."),
        ("papers", "The papers were next to the boys' homework when you signed them."),
        ("papers", "The boys are asleep, and the papers are signed."),
        ("papers", "You wrote about relief, and about the guilt that comes with it."),
        ("blue", "He texted at 2 a.m., and you did not answer."),
        ("blue", "You wrote that you feel abandoned."),
        ("blue", "You held the phone until it got light and did not answer him."),
        ("blue", "Your sister says to block him, and you wrote that you can't do it yet."),
        ("blue", "You wrote that you feel abandoned, and stupid for still wanting him."),
        ("blue", "You did not answer his text, and you lay awake with the phone until morning."),
        ("blue", "A text came at two in the night, and you left it unanswered."),
        ("dog", "Anna took the dog on Sunday, and you cried in Tesco."),
        ("dog", "Biscuit was in her car and looked back."),
        ("dog", "You wrote that you miss the dog, not Anna."),
        ("dog", "You told your mum that you miss the dog, and she laughed."),
        ("dog", "You don't miss Anna, you wrote, but you do miss Biscuit."),
        ("dog", "After your mum laughed, you cried in the shop."),
        ("letter", "You wrote that you miss them, and that you hate missing them."),
        ("letter", "The grey jumper is still on your chair."),
        ("letter", "The grey jumper is still on your chair, and you haven't moved it."),
        ("letter", "There was no proper goodbye, you wrote."),
        ("letter", "You have not moved the jumper that was left on your chair."),
        ("work", "You see him every day at the office."),
        ("work", "He was at the printer with Priya, laughing, and you sat in the toilets."),
        ("work", "You want to ask him what was so funny, and you wrote that you won't."),
        ("work", "You sat in the toilets for ten minutes after you saw him laugh with Priya."),
        ("work", "Seeing him every day is part of working in the same office."),
        ("gran", "You told your gran that he had a cold."),
        ("gran", "You wrote that you are tired of lying."),
        ("gran", "You wrote that you are not angry and that you can't yet say it out loud."),
        ("gran", "At her 80th, your gran asked where he was."),
        ("gran", "He said in March that he needed space."),
        ("gran", "You wrote that he said he needed space, and that was in March."),
        ("drunk", "You typed the same message four times and then deleted it."),
        ("drunk", "There were three glasses of wine, and one message typed four times."),
        ("drunk", "She asked you to stop writing, and you deleted the message."),
        ("drunk", "You wrote that you don't want to be this person."),
        ("drunk", "Four times you typed it, and in the end you deleted it."),
        ("drunk", "The message is deleted, and she had asked you to stop."),
        ("mark", "Everyone assumes you are fine, and you wrote that a call would be for yourself."),
        ("mugs", "You wrote that nobody at work knows yet."),
    )
)

BAD = (
    Line("mugs", "You are feeling lonely without him in the mornings.", (R.TOLD_FEELING,)),
    Line("mugs", "It sounds like you are heartbroken.", (R.TOLD_FEELING,)),
    Line("mugs", "You still set out two cups for your husband every morning.", (R.INVENTED_FACT,)),
    Line("mugs", "It has been four weeks and you still set out two mugs.", (R.INVENTED_FACT,)),
    Line("mugs", "You should try to set out only one mug.", (R.ADVICE_IN_MIRROR,)),
    Line("mugs", "I still set out two mugs in the morning.", (R.WRONG_PERSON,)),
    Line("mugs", "The writer still sets out two mugs in the morning.", (R.WRONG_PERSON,)),
    Line("mugs", "You are still grieving the relationship, and that is completely normal.", (R.TOLD_FEELING, R.OVER_VALIDATION)),
    Line("mugs", "At least work is going fine for you.", (R.MINIMISING,)),
    Line("mugs", "Your colleagues don't know about the divorce.", (R.INVENTED_FACT,)),
    Line("mugs", "It will get easier with time.", (R.PROMISE,)),
    Line("mugs", "Sie stellen immer noch zwei Tassen auf den Tisch.", (R.UNSUPPORTED,)),
    Line("mugs", "**You** still set out two mugs.", (R.UNSUPPORTED,)),
    Line("mark", "You could call Mark to check that he is okay.", (R.CONTACT_PUSH,)),
    Line("mark", "Mark is hurting and he misses you.", (R.MIND_READING,)),
    Line("mark", "Mark ended it, and you cried in the car.", (R.WRONG_PERSON,)),
    Line("mark", "You cried in the car after it ended.", (R.WRONG_PERSON,)),
    Line("mark", "You did the right thing by ending it.", (R.OVER_VALIDATION,)),
    Line("mark", "You ended it on a Friday, and Mark cried in the car.", (R.INVENTED_FACT,)),
    Line("mark", "You feel guilty about ending it.", (R.TOLD_FEELING,)),
    Line("mark", "Mark will understand in time.", (R.FALSE_HOPE, R.MIND_READING)),
    Line("mark", "I understand how hard it is to hear someone cry.", (R.HUMAN_CLAIM,)),
    Line("mark", "You hurt him, and that is on you.", (R.BLAME,)),
    Line("lake", "He posted a photo from the lake.", (R.WRONG_PERSON,)),
    Line("lake", "She posted a photo from the beach, and you looked at it eleven times.", (R.INVENTED_FACT,)),
    Line("lake", "You are jealous of him.", (R.TOLD_FEELING,)),
    Line("lake", "You could look at her profile once more to see who he is.", (R.CHECKING_PUSH, R.ADVICE_IN_MIRROR)),
    Line("lake", "She probably posted it because she wanted you to see it.", (R.MIND_READING,)),
    Line("lake", "She is a narcissist for posting it.", (R.DIAGNOSIS,)),
    Line("lake", "Why did you look at it eleven times?", (R.WHY_QUESTION,)),
    Line("lake", "You posted a photo from the lake.", (R.WRONG_PERSON,)),
    Line("lake", "You looked at the photo eleven times and cried until midnight.", (R.INVENTED_FACT,)),
    Line("lake", "Anyone would have looked at that photo.", (R.OVER_VALIDATION,)),
    Line("papers", "You are brave for signing the papers.", (R.OVER_VALIDATION,)),
    Line("papers", "You signed the papers next to your daughter's homework.", (R.INVENTED_FACT,)),
    Line("papers", "You wrote that you feel sad about the fourteen years.", (R.TOLD_FEELING,)),
    Line("papers", "A therapist can help you with the guilt.", (R.THERAPY_WORD,)),
    Line("papers", "Relief is a healthy sign, and your boys will be fine.", (R.PROMISE, R.INVENTED_FACT)),
    Line("papers", "You signed the papers at the lawyer's office.", (R.INVENTED_FACT,)),
    Line("papers", "Take some time for yourself now that the boys are asleep.", (R.ADVICE_IN_MIRROR,)),
    Line("blue", "He texted you because he still wants you.", (R.MIND_READING,)),
    Line("blue", "You texted him at 2 a.m., and he did not answer.", (R.WRONG_PERSON,)),
    Line("blue", "You are anxious and overwhelmed.", (R.TOLD_FEELING,)),
    Line("blue", "Your brother says to block him.", (R.INVENTED_FACT,)),
    Line("blue", "You need to block him.", (R.ADVICE_IN_MIRROR,)),
    Line("blue", "Your friend Laura thinks that you need rest.", (R.INVENTED_FACT,)),
    Line("blue", "You could answer him in the morning.", (R.CONTACT_PUSH,)),
    Line("blue", "A little melatonin can help you sleep tonight.", (R.MEDICATION,)),
    Line("dog", "You miss Anna.", (R.INVENTED_FACT, R.TOLD_FEELING)),
    Line("dog", "Anna took the cat on Sunday.", (R.INVENTED_FACT,)),
    Line("dog", "Your mum cried in Tesco.", (R.WRONG_PERSON, R.INVENTED_FACT)),
    Line("dog", "Call the helpline on 0800 1111 if you need to talk.", (R.LINK_OR_NUMBER,)),
    Line("dog", "It was just a dog, and there are others.", (R.MINIMISING, R.UNSUPPORTED)),
    Line("letter", "You left your grey jumper on the chair.", (R.WRONG_PERSON,)),
    Line("letter", "He left his grey jumper on your chair.", (R.WRONG_PERSON,)),
    Line("letter", "I am always here for you when you miss them.", (R.DEPENDENCE, R.HUMAN_CLAIM)),
    Line("work", "There is still a chance that he comes back to you.", (R.FALSE_HOPE,)),
    Line("work", "Ask him what was so funny.", (R.CONTACT_PUSH, R.ADVICE_IN_MIRROR)),
    Line("work", "He is flirting with Priya to make you jealous.", (R.MIND_READING, R.TOLD_FEELING)),
    Line("gran", "You are angry and tired of lying.", (R.TOLD_FEELING,)),
    Line("gran", "You told your mother that he had a cold.", (R.INVENTED_FACT,)),
    Line("gran", "He just needs more time, and then he will come back.", (R.FALSE_HOPE, R.MIND_READING)),
    Line("drunk", "You thought about jumping from the bridge.", (R.METHOD,)),
    Line("drunk", "You drank three glasses of wine and sent the message four times.", (R.INVENTED_FACT,)),
    Line("drunk", "She asked me to stop writing.", (R.WRONG_PERSON,)),
)


@pytest.mark.parametrize("line", GOOD, ids=lambda line: line.text[:40])
def test_a_faithful_mirror_passes(line: Line) -> None:
    assert default_reviewer().review(line.text, "mirror", ENTRIES[line.entry], ()).reasons == ()


@pytest.mark.parametrize("line", BAD, ids=lambda line: line.text[:40])
def test_a_mirror_that_breaks_a_rule_is_dropped_with_the_reason(line: Line) -> None:
    verdict = default_reviewer().review(line.text, "mirror", ENTRIES[line.entry], ())
    assert not verdict.passed
    assert set(line.reasons) & set(verdict.reasons)
