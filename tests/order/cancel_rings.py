import asyncio
import os
import sys

tasks = {}


async def one_awaits(name, other):
    print(name)
    await tasks[other]
    print("never")


async def one_gathers(name, *others):
    print(name)
    await asyncio.gather(*(tasks[other] for other in others))
    print("never")


async def boss():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for name in "x", "out":
        try:
            tasks[name].cancel()
        except Exception as error:
            print(name, error)
    for name in "one", "two", "both":
        try:
            tasks[name].cancel()
        except Exception:
            print(name, "can't be cancelled")
    for _ in range(3):
        await asyncio.sleep(0)
    print("nobody was cancelled")


async def main():
    bodies = {"x": one_awaits("x", "y"), "y": one_awaits("y", "x"), "out": one_gathers("out", "x"),
              "one": one_gathers("one", "two"), "two": one_awaits("two", "one"), "self": one_gathers("self", "both"),
              "both": one_gathers("both", "self", "x"), "boss": boss()}
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await tasks["boss"]
    sys.stdout.flush()
    os._exit(0)  # the rings have no end


asyncio.run(main())
