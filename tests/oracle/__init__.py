"""An independent reading of the national rules in exact arithmetic, written from the documents only.

It shares no code with the program: where the two differ, the documents decide which is wrong.
"""
