/* A stretch of a task's life on a small lane, without words. Internal to view/. */
#ifndef LOOPSCOPE_VIEW_SHAPE_PART_H
#define LOOPSCOPE_VIEW_SHAPE_PART_H

#include "view/parts.h"
#include "view/shape.h"

/* The part lies between its shares of the lane's width. */
void shape_part_draw(const Canvas *canvas, const ShapePart *part, Color color, Rect lane);

#endif
