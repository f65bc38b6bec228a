"""Starts MiniStack so that it cannot outlive `iac`.

`iac` holds the other end of standard input. When that closes, for whatever reason (a normal end, a crash,
kill -9), this process removes its directory and ends its process group: itself and the functions that it
started.
"""

import contextvars
import os
import runpy
import shutil
import signal
import threading
import time

try:
    from ministack.core import iam_evaluator

    pin_request_origin = iam_evaluator.pin_request_origin
    pin_signed_request = iam_evaluator.pin_signed_request
    resolve_condition_key = iam_evaluator._resolve_condition_key

    from ministack.services import lambda_svc

    execute = lambda_svc._execute_function
    invoke_later = lambda_svc.invoke_async_with_retry
except (ImportError, AttributeError) as error:
    raise SystemExit(
        "this ministack has no function that `iac` changes so that loopback counts as TLS, policies know "
        f"aws:UserAgent and throttled events wait ({error}); install the version that `iac` names"
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

# On AWS a policy may go by what a request says as its `User-Agent`. MiniStack does not know the key, and would
# let through what the policy denies.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-useragent
user_agent = contextvars.ContextVar("user_agent", default=None)


def pin_user_agent(method, path, query, headers, *rest, **named):
    said = [value for name, value in headers if name.lower() == b"user-agent"]
    user_agent.set(said[-1].decode("latin-1") if said else None)
    pin_signed_request(method, path, query, headers, *rest, **named)


def resolve_user_agent_too(key, context):
    return user_agent.get() if key.lower() == "aws:useragent" else resolve_condition_key(key, context)


iam_evaluator.pin_signed_request = pin_user_agent
iam_evaluator._resolve_condition_key = resolve_user_agent_too

# On AWS an event for a function that is throttled goes back into Lambda's queue, and does not count as an
# attempt: it is tried again, less and less often, until it is too old. MiniStack counts it, so that of many
# uploads at once some would end in the dead-letter queue, of which AWS loses none.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
is_event = contextvars.ContextVar("is_event", default=False)


def invoke_event(func, event):
    token = is_event.set(True)
    try:
        # The thread that it starts takes a copy of the context along.
        invoke_later(func, event)
    finally:
        is_event.reset(token)


def execute_when_there_is_room(func, event):
    settings = func.get("event_invoke_config") or (func.get("event_invoke_configs") or {}).get("$LATEST") or {}
    too_old = time.time() + int(settings.get("MaximumEventAgeInSeconds") or 21600)
    pause = 0.02
    result = execute(func, event)
    while is_event.get() and result.get("throttle") and time.time() + pause < too_old:
        time.sleep(pause)
        pause = min(2 * pause, 1)
        result = execute(func, event)
    return result


lambda_svc.invoke_async_with_retry = invoke_event
lambda_svc._execute_function = execute_when_there_is_room
runpy.run_module("ministack", run_name="__main__")
