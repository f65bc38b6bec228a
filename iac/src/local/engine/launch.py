"""Starts MiniStack so that it cannot outlive `iac`.

`iac` holds the other end of standard input. When that closes, for whatever reason (a normal end, a crash,
kill -9), this process removes its directory and ends its process group: itself and the functions that it
started.
"""

import os
import runpy
import shutil
import signal
import threading

try:
    from ministack.core import iam_evaluator

    pin_request_origin = iam_evaluator.pin_request_origin
except (ImportError, AttributeError) as error:
    raise SystemExit(
        "this ministack has no function ministack.core.iam_evaluator.pin_request_origin, which `iac` changes so "
        f"that loopback counts as TLS ({error}); install the version that `iac` names"
    )

if os.getpgrp() != os.getpid():
    raise SystemExit("must be the leader of its own process group")

directory = os.getcwd()
lifeline = os.dup(0)
nothing = os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)
os.close(nothing)


def end_with_parent():
    while os.read(lifeline, 1):
        pass
    # Made for this run by `iac`, which is gone.
    if os.path.basename(directory).startswith("iac-local-"):
        shutil.rmtree(directory, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()

# On AWS all of this goes through TLS, and bucket policies insist on it. Here nothing leaves the machine, so
# loopback counts as TLS: `aws:SecureTransport` is true, as it will be there.
iam_evaluator.pin_request_origin = lambda address, secure: pin_request_origin(address, True)
runpy.run_module("ministack", run_name="__main__")
