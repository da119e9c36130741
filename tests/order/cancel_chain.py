import asyncio

tasks = {}


async def waiter(name, target):
    try:
        await tasks[target]
    finally:
        print(name, "finally")


async def b():
    try:
        await tasks["c"]
    finally:
        print("b finally")
        await asyncio.sleep(0)
        print("b on")


async def c():
    try:
        await asyncio.sleep(5)
    finally:
        print("c finally")


async def d():
    try:
        await tasks["e"]
    except Exception as error:
        print(f"d: {error}")
    finally:
        print("d finally")
    print("d goes on")


async def e():
    try:
        await asyncio.sleep(5)
    finally:
        raise RuntimeError("instead")


async def soon():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks["r1"].cancel()
    print("r1 waits for me")
    print("soon goes on")
    await asyncio.sleep(0)
    print("never")


async def x():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks["a"].cancel()
    print("a is cancelled")
    tasks["d"].cancel()
    print("d is cancelled")
    for i in range(8):
        print("x", i)
        await asyncio.sleep(0)


async def main():
    bodies = {"a": waiter("a", "b"), "b": b(), "c": c(), "d": d(), "e": e(), "side": waiter("side", "c"),
              "r1": waiter("r1", "soon"), "soon": soon(), "x": x()}
    for name, body in bodies.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
