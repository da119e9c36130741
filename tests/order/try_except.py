import asyncio


async def deep(task):
    print("deep")
    try:
        raise RuntimeError(f"from {task}")
    finally:
        print("deep finally")
        await asyncio.sleep(0)
        print("deep goes on")


async def quiet(task):
    try:
        print("quiet", task)
    except Exception:
        print("never")
    finally:
        print("quiet finally")


async def a():
    try:
        await deep("a")
        print("never")
    except Exception as error:
        print(f"a caught: {error}")
        await asyncio.sleep(0)
        print(f"still: {error}")
    finally:
        print("a finally")
    await quiet("a")
    try:
        try:
            raise RuntimeError("first")
        except Exception as error:
            print(f"got {error}")
            raise RuntimeError(f"second after {error}")
        finally:
            print("inner finally")
    except Exception as error:
        print(f"then {error}")
    try:
        try:
            raise RuntimeError("lost")
        finally:
            raise RuntimeError("kept")
    except Exception as error:
        print(f"only {error}")
    print("a ends")


async def b():
    for i in range(5):
        print("b", i)
        await asyncio.sleep(0)


async def main():
    await asyncio.gather(asyncio.create_task(a()), asyncio.create_task(b()))


asyncio.run(main())
