#ifndef CONCORD_PNG_SHIM_H
#define CONCORD_PNG_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* libpng reports errors by longjmp, which must not cross Swift frames: every call that can fail is
   made here, under a setjmp of its own, and answers 0 on failure. */

typedef struct concord_png concord_png;

typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;
  int bits;
  /* Bits of a pixel before its expansion to 8 or 16 bits a channel. */
  int stored_bits;
  int passes;
  size_t row_bytes;
} concord_png_layout;

/* Reading from memory that stays valid until concord_png_destroy. NULL: out of memory. */
concord_png *concord_png_open(const uint8_t *bytes, size_t count);

/* Reads the header and fills the layout of the rows that will come; allocates no row yet. */
int concord_png_read_header(concord_png *png, concord_png_layout *layout);

/* Prepares the decoding of rows. */
int concord_png_start(concord_png *png);

/* Decodes the next row; an interlaced image needs all its rows once for each pass. */
int concord_png_read_row(concord_png *png, uint8_t *row);

/* Encodes 8-bit rows of 1 to 4 interleaved channels into memory of the writer. */
concord_png *concord_png_create(void);
int concord_png_write_header(
    concord_png *png, uint32_t width, uint32_t height, int channels);
int concord_png_write_row(concord_png *png, const uint8_t *row);
int concord_png_write_end(concord_png *png);
const uint8_t *concord_png_written(const concord_png *png, size_t *count);

/* What went wrong in the last call that answered 0. */
const char *concord_png_message(const concord_png *png);

void concord_png_destroy(concord_png *png);

#endif
