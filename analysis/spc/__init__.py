"""Statistical process control as the NHS does it: XmR charts by Making Data Count.

`rule_sets` says which rules hold; `xmr` charts one series, `many` thousands at once, from `limits`, `point_tests` and
what they mean (`judgement`).
"""
