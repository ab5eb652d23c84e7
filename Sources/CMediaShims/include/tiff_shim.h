#ifndef CONCORD_TIFF_SHIM_H
#define CONCORD_TIFF_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* libtiff's tags are read and set through variadic functions, which Swift cannot call, and its
   errors come through handlers with a va_list. Calls answer 0 on failure. */

typedef struct concord_tiff concord_tiff;

typedef struct {
  uint64_t offset;
  uint32_t width;
  uint32_t height;
  uint32_t depth;
  uint32_t tile_width;
  uint32_t tile_height;
  uint64_t row_bytes;
  uint64_t tile_bytes;
  uint32_t subfile;
  uint16_t bits;
  uint16_t samples;
  uint16_t format;
  uint16_t photometric;
  uint16_t planar;
  uint16_t compression;
  int tiled;
  int decodable;
} concord_tiff_page;

/* Single allocations of libtiff stay below `most_bytes`. NULL on failure, with the message. */
concord_tiff *concord_tiff_open(
    const char *path, size_t most_bytes, char *message, size_t message_size);

/* Describes the current page. */
int concord_tiff_describe(concord_tiff *tiff, concord_tiff_page *page);

/* Goes to the next page; 0 behind the last one, or on failure, which leaves a message. */
int concord_tiff_next(concord_tiff *tiff);

/* Goes to a page whose description was read before. */
int concord_tiff_select(concord_tiff *tiff, const concord_tiff_page *page);

int concord_tiff_read_row(concord_tiff *tiff, void *row, uint32_t index, uint16_t sample);
int concord_tiff_read_tile(
    concord_tiff *tiff, void *tile, uint64_t bytes, uint32_t x, uint32_t y, uint16_t sample);

/* The palette of the current page: 2^bits entries of 16 bits for red, green and blue. */
int concord_tiff_palette(
    concord_tiff *tiff, const uint16_t **red, const uint16_t **green, const uint16_t **blue);

/* Writing: pages of floating-point samples, interleaved channels. */
concord_tiff *concord_tiff_create(
    const char *path, int big, char *message, size_t message_size);
int concord_tiff_begin_page(
    concord_tiff *tiff, uint32_t width, uint32_t height, uint16_t channels, uint16_t bits);
int concord_tiff_write_row(concord_tiff *tiff, void *row, uint32_t index);
int concord_tiff_end_page(concord_tiff *tiff);

/* What went wrong since the last successful call; empty if nothing. */
const char *concord_tiff_message(const concord_tiff *tiff);

void concord_tiff_close(concord_tiff *tiff);

#endif
