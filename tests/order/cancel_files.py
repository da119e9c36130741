import asyncio
import concurrent.futures
import time

tasks = {}
pool = concurrent.futures.ThreadPoolExecutor(1)  # one after the other, as on one file


def in_thread(function, *arguments):
    """asyncio.to_thread, but for one race: a call that no thread has begun is not made at all when
    its task is cancelled. Here it has always begun, as an operation that the OS was handed."""
    call = pool.submit(function, *arguments)
    while not (call.running() or call.done()):
        time.sleep(0)
    return asyncio.wrap_future(call)


def write(f, text):
    f.write(text)
    f.flush()


async def w():
    f = open("a.txt", "w")
    try:
        await in_thread(write, f, "one ")
        print("never")
    finally:
        print("w finally")
        await in_thread(write, f, "two ")
        write(f, "three")
        await in_thread(f.close)
        print("w leaves")
    print("never")


async def o():
    try:
        await in_thread(open, "b.txt", "w")
    finally:
        print("o finally")


async def self_():
    f = open("c.txt", "w")
    tasks["self"].cancel()
    await in_thread(write, f, "left alone")
    print("never")


async def x():
    tasks["w"].cancel()
    tasks["o"].cancel()
    print("x")
    await asyncio.sleep(0.060)
    print("x ends")


async def main():
    for name, body in {"w": w(), "o": o(), "self": self_(), "x": x()}.items():
        tasks[name] = asyncio.create_task(body)
    await asyncio.gather(*tasks.values(), return_exceptions=True)


asyncio.run(main())
