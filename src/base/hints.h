/* What a function tells the compiler about how it is used. */
#ifndef LOOPSCOPE_BASE_HINTS_H
#define LOOPSCOPE_BASE_HINTS_H

/* Seldom called: what leads to it stands out of the way of what is mostly done. */
#define COLD __attribute__((cold))

/* Inlined as a whole. Where a compiler leaves a part outside, a record that is put together here is
 * put together twice, the second time in memory for that part. */
#define WHOLLY_INLINE inline __attribute__((always_inline))

#endif
