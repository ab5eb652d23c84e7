#include "include/png_shim.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct concord_png {
  png_structp png;
  png_infop info;
  int writes;
  const uint8_t *input;
  size_t input_count;
  size_t position;
  uint8_t *output;
  size_t output_count;
  size_t output_capacity;
  char message[160];
};

static void remember(concord_png *state, const char *message) {
  strncpy(state->message, message, sizeof state->message - 1);
  state->message[sizeof state->message - 1] = 0;
}

static void fail(png_structp png, png_const_charp message) {
  remember(png_get_error_ptr(png), message);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_memory(png_structp png, png_bytep target, size_t count) {
  concord_png *state = png_get_io_ptr(png);
  if (count > state->input_count - state->position) {
    png_error(png, "the file ends too early");
  }
  memcpy(target, state->input + state->position, count);
  state->position += count;
}

static void write_memory(png_structp png, png_bytep source, size_t count) {
  concord_png *state = png_get_io_ptr(png);
  if (count > state->output_capacity - state->output_count) {
    size_t capacity = 2 * state->output_capacity + count + 4096;
    uint8_t *larger = realloc(state->output, capacity);
    if (larger == NULL) {
      png_error(png, "out of memory");
    }
    state->output = larger;
    state->output_capacity = capacity;
  }
  memcpy(state->output + state->output_count, source, count);
  state->output_count += count;
}

static void flush_memory(png_structp png) { (void)png; }

/* Text and colour profiles are compressed: skipping them spares their decompression. */
static void skip_ancillary_chunks(png_structp png) {
  static const png_byte names[] = "iCCP\0iTXt\0zTXt\0tEXt\0eXIf\0sPLT";
  png_set_keep_unknown_chunks(
      png, PNG_HANDLE_CHUNK_NEVER, names, (int)(sizeof names / 5));
}

concord_png *concord_png_open(const uint8_t *bytes, size_t count) {
  concord_png *state = calloc(1, sizeof *state);
  if (state == NULL) {
    return NULL;
  }
  state->input = bytes;
  state->input_count = count;
  state->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  if (state->png != NULL) {
    state->info = png_create_info_struct(state->png);
  }
  if (state->info == NULL) {
    concord_png_destroy(state);
    return NULL;
  }
  return state;
}

int concord_png_read_header(concord_png *state, concord_png_layout *layout) {
  png_structp png = state->png;
  png_infop info = state->info;
  if (setjmp(png_jmpbuf(png))) {
    return 0;
  }
  png_set_read_fn(png, state, read_memory);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(png, 1 << 20);
  skip_ancillary_chunks(png);
  png_read_info(png, info);

  int colour = png_get_color_type(png, info);
  int has_key = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  int stored = colour == PNG_COLOR_TYPE_PALETTE ? 3 : png_get_channels(png, info);
  layout->width = png_get_image_width(png, info);
  layout->height = png_get_image_height(png, info);
  layout->channels = stored + (has_key && stored % 2 == 1 ? 1 : 0);
  layout->bits = png_get_bit_depth(png, info) == 16 ? 16 : 8;
  layout->stored_bits = png_get_channels(png, info) * png_get_bit_depth(png, info);
  layout->row_bytes = (size_t)layout->width * (size_t)layout->channels * (layout->bits / 8u);
  layout->passes = png_get_interlace_type(png, info) == PNG_INTERLACE_ADAM7 ? 7 : 1;
  return 1;
}

int concord_png_start(concord_png *state) {
  png_structp png = state->png;
  if (setjmp(png_jmpbuf(png))) {
    return 0;
  }
  png_set_expand(png);
  const uint16_t probe = 1;
  if (*(const uint8_t *)&probe == 1) {
    png_set_swap(png);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, state->info);
  return 1;
}

int concord_png_read_row(concord_png *state, uint8_t *row) {
  if (setjmp(png_jmpbuf(state->png))) {
    return 0;
  }
  png_read_row(state->png, row, NULL);
  return 1;
}

concord_png *concord_png_create(void) {
  concord_png *state = calloc(1, sizeof *state);
  if (state == NULL) {
    return NULL;
  }
  state->writes = 1;
  state->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, state, fail, ignore);
  if (state->png != NULL) {
    state->info = png_create_info_struct(state->png);
  }
  if (state->info == NULL) {
    concord_png_destroy(state);
    return NULL;
  }
  return state;
}

int concord_png_write_header(
    concord_png *state, uint32_t width, uint32_t height, int channels) {
  static const int colours[] = {
      PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
      PNG_COLOR_TYPE_RGB_ALPHA};
  png_structp png = state->png;
  if (channels < 1 || channels > 4) {
    remember(state, "an image has 1 to 4 channels");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    return 0;
  }
  png_set_write_fn(png, state, write_memory, flush_memory);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
  png_set_IHDR(
      png, state->info, width, height, 8, colours[channels - 1], PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, state->info);
  return 1;
}

int concord_png_write_row(concord_png *state, const uint8_t *row) {
  if (setjmp(png_jmpbuf(state->png))) {
    return 0;
  }
  png_write_row(state->png, row);
  return 1;
}

int concord_png_write_end(concord_png *state) {
  if (setjmp(png_jmpbuf(state->png))) {
    return 0;
  }
  png_write_end(state->png, NULL);
  return 1;
}

const uint8_t *concord_png_written(const concord_png *state, size_t *count) {
  *count = state->output_count;
  return state->output;
}

const char *concord_png_message(const concord_png *state) { return state->message; }

void concord_png_destroy(concord_png *state) {
  if (state == NULL) {
    return;
  }
  if (state->writes) {
    png_destroy_write_struct(&state->png, &state->info);
  } else {
    png_destroy_read_struct(&state->png, &state->info, NULL);
  }
  free(state->output);
  free(state);
}
