#include "include/tiff_shim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

struct concord_tiff {
  TIFF *tiff;
  char message[200];
};

/* The first message names the cause; those that follow are its consequences. */
static int remember(
    TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)module;
  concord_tiff *state = user;
  if (state->message[0] == 0) {
    vsnprintf(state->message, sizeof state->message, format, arguments);
  }
  return 1;
}

static int ignore(
    TIFF *tiff, void *user, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}

static concord_tiff *open_with(
    const char *path, const char *mode, size_t most_bytes, char *message, size_t message_size) {
  snprintf(message, message_size, "out of memory");
  concord_tiff *state = calloc(1, sizeof *state);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (state != NULL && options != NULL) {
    TIFFOpenOptionsSetErrorHandlerExtR(options, remember, state);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
    if (most_bytes > 0) {
      TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)most_bytes);
    }
    state->tiff = TIFFOpenExt(path, mode, options);
    snprintf(message, message_size, "%s", state->message);
    state->message[0] = 0;
  }
  if (options != NULL) {
    TIFFOpenOptionsFree(options);
  }
  if (state != NULL && state->tiff == NULL) {
    free(state);
    state = NULL;
  }
  return state;
}

concord_tiff *concord_tiff_open(
    const char *path, size_t most_bytes, char *message, size_t message_size) {
  /* 'm': no mapping, so that a file cut short meanwhile is an error and not a signal. */
  return open_with(path, "rm", most_bytes, message, message_size);
}

int concord_tiff_describe(concord_tiff *state, concord_tiff_page *page) {
  TIFF *tiff = state->tiff;
  memset(page, 0, sizeof *page);
  state->message[0] = 0;
  page->depth = 1;
  page->offset = TIFFCurrentDirOffset(tiff);
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page->width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page->height);
  TIFFGetField(tiff, TIFFTAG_IMAGEDEPTH, &page->depth);
  TIFFGetField(tiff, TIFFTAG_SUBFILETYPE, &page->subfile);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &page->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &page->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &page->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &page->planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &page->compression);
  TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &page->photometric);
  page->decodable = TIFFIsCODECConfigured(page->compression);
  if (page->compression == COMPRESSION_JPEG && page->photometric == PHOTOMETRIC_YCBCR) {
    /* libjpeg then undoes the chroma subsampling and gives RGB. */
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    page->photometric = PHOTOMETRIC_RGB;
  }
  page->tiled = TIFFIsTiled(tiff);
  if (page->tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &page->tile_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &page->tile_height);
    page->tile_bytes = TIFFTileSize64(tiff);
  }
  page->row_bytes = TIFFScanlineSize64(tiff);
  return page->width > 0 && page->height > 0 && state->message[0] == 0;
}

int concord_tiff_next(concord_tiff *state) {
  state->message[0] = 0;
  return TIFFReadDirectory(state->tiff);
}

int concord_tiff_select(concord_tiff *state, const concord_tiff_page *page) {
  concord_tiff_page again;
  state->message[0] = 0;
  return TIFFSetSubDirectory(state->tiff, page->offset) == 1 &&
         concord_tiff_describe(state, &again) && again.row_bytes == page->row_bytes &&
         again.tile_bytes == page->tile_bytes && again.height == page->height;
}

int concord_tiff_read_row(concord_tiff *state, void *row, uint32_t index, uint16_t sample) {
  return TIFFReadScanline(state->tiff, row, index, sample) == 1;
}

int concord_tiff_read_tile(
    concord_tiff *state, void *tile, uint64_t bytes, uint32_t x, uint32_t y,
    uint16_t sample) {
  ttile_t index = TIFFComputeTile(state->tiff, x, y, 0, sample);
  tmsize_t read = TIFFReadEncodedTile(state->tiff, index, tile, (tmsize_t)bytes);
  return read >= 0 && (uint64_t)read == bytes;
}

int concord_tiff_palette(
    concord_tiff *state, const uint16_t **red, const uint16_t **green, const uint16_t **blue) {
  uint16_t *r = NULL, *g = NULL, *b = NULL;
  if (!TIFFGetField(state->tiff, TIFFTAG_COLORMAP, &r, &g, &b) || !r || !g || !b) {
    return 0;
  }
  *red = r;
  *green = g;
  *blue = b;
  return 1;
}

concord_tiff *concord_tiff_create(
    const char *path, int big, char *message, size_t message_size) {
  return open_with(path, big ? "w8" : "w", 0, message, message_size);
}

int concord_tiff_begin_page(
    concord_tiff *state, uint32_t width, uint32_t height, uint16_t channels, uint16_t bits) {
  TIFF *tiff = state->tiff;
  state->message[0] = 0;
  int done = TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width) &&
             TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height) &&
             TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels) &&
             TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits) &&
             TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP) &&
             TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
             TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) &&
             TIFFSetField(
                 tiff, TIFFTAG_PHOTOMETRIC,
                 channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  if (done && channels % 2 == 0) {
    const uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    done = TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
  }
  return done && TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
}

int concord_tiff_write_row(concord_tiff *state, void *row, uint32_t index) {
  return TIFFWriteScanline(state->tiff, row, index, 0) == 1;
}

int concord_tiff_end_page(concord_tiff *state) {
  return TIFFWriteDirectory(state->tiff) && TIFFFlush(state->tiff) && state->message[0] == 0;
}

const char *concord_tiff_message(const concord_tiff *state) { return state->message; }

void concord_tiff_close(concord_tiff *state) {
  if (state != NULL) {
    TIFFClose(state->tiff);
    free(state);
  }
}
