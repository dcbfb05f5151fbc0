"""Optuna's TPE by ask and tell over lines of JSON.

In: first {"seed", "knobs": [{"name", "places"}]}; then {"p95_ms"} for each trial, null where it failed.
Out: for each trial {name: place}, a number in 0..1, or one of a switch's places.
"""
import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)
task = json.loads(sys.stdin.readline())
study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=task["seed"]))


def place(trial, knob):
    if knob["places"] is None:
        return trial.suggest_float(knob["name"], 0, 1)
    return trial.suggest_categorical(knob["name"], knob["places"])


while True:
    trial = study.ask()
    print(json.dumps({knob["name"]: place(trial, knob) for knob in task["knobs"]}), flush=True)
    line = sys.stdin.readline()
    if not line:
        break
    p95_ms = json.loads(line)["p95_ms"]
    if p95_ms is None:
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(trial, p95_ms)
