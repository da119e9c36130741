import asyncio
import time


def compute(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(0.001)


async def twice():
    task = asyncio.current_task().get_name()
    for i in range(2):
        def function():
            print(f"{task} {i} in its thread")
            for inner in range(2):
                print(f"inner {inner}")
            compute(0.120)
            print(f"{task} {i} leaves its thread")

        await asyncio.to_thread(function)
        print(f"{task} {i} is back")


async def worker():
    two = asyncio.create_task(twice(), name="two")
    await two

    def opens():
        f = open("shared.txt", "wb", buffering=0)
        f.write(b"by the thread\n")
        return f

    f = await asyncio.to_thread(opens)
    f.write(b"by the task\n")

    def reads():
        f.write(b"by another thread\n")
        f.close()
        again = open("shared.txt", "rb", buffering=0)
        text = again.read(13).decode()
        print(f"read in the thread: {text}")
        return again, text

    f, text = await asyncio.to_thread(reads)
    print(f"the task has it: {text}")
    print(f.read(100).decode())
    f.close()

    def writes():
        print("before")
        f.write(b"x")
        print("never")

    try:
        await asyncio.to_thread(writes)
        print("never")
    except Exception:
        print("caught")
        await asyncio.to_thread(print, "handled in a thread")
    finally:
        await asyncio.to_thread(print, "finally in a thread")

    try:
        await asyncio.to_thread(open, "missing.txt")
    except Exception as error:
        print(error)
        await asyncio.to_thread(print, f"still {error}")

    for i in range(2):
        def counts():
            print(f"outer {i}")
            for own in range(2):
                print(f"own {own}")
            print(f"outer {i}")

        await asyncio.to_thread(counts)


async def ticker():
    await asyncio.sleep(0.060)
    for i in range(2):
        print(f"tick {i}")
        await asyncio.sleep(0.120)


async def main():
    await asyncio.gather(worker(), ticker())


asyncio.run(main())
