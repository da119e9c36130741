import asyncio


async def a():
    i = 0
    print("")
    print("two\nlines")
    print(f"{{braces}} a {i}")
    print("tab\tand \"quotes\" and \u20ac and \U0001f600")
    print("ends with a break\n")
    await asyncio.sleep(0)
    print(f"{i}{i}a")


async def b():
    print("   ")
    await asyncio.sleep(0)
    print("b")


async def main():
    await asyncio.wait([asyncio.create_task(a()), asyncio.create_task(b())])


asyncio.run(main())
