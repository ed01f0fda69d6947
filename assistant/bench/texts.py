"""The texts that are measured with: the program's own, nobody's."""

ENTRY = (
    "It has been five weeks. I still set out two mugs in the morning and then put one back. Nobody at work knows. "
    "I wrote three messages today and sent none of them. The kitchen is the worst, it is so quiet after nine. I keep the radio on for that."
)
ANSWER = "You wrote that you still set out two mugs in the morning and then put one back."
LATER = "Today I slept until six. I moved the chair to the window. I miss her most when the radio plays the song with the dog in it."
