/* What libjpeg reads in a JPEG, and what it writes, for tests/libjpeg.rs and tests/encode.rs.
 *
 *   oracle coefficients < in.jpg
 *     For each component: four 16-bit numbers (blocks side by side, blocks one above the other, and
 *     the number of warnings twice), its quantization table and its blocks, in natural order and native
 *     byte order.
 *   oracle rescan SCRIPT < in.jpg
 *     The same picture with its scans divided in another way.
 *   oracle sample FACTORS < in.jpg
 *     The same picture encoded again with these sampling factors, two digits for each component.
 *   oracle encode QUALITY WIDTH HEIGHT KIND < planes
 *     Planes as a JPEG: gray, or with chroma of half the size. KIND is two letters: g or c, and b for
 *     baseline or p for progressive.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

/* Sequential, each component alone. */
static const jpeg_scan_info APART[] = {
    {1, {2}, 0, 63, 0, 0}, {1, {0}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}};
/* Sequential, two components together. */
static const jpeg_scan_info PAIR[] = {{2, {0, 2}, 0, 63, 0, 0}, {1, {1}, 0, 63, 0, 0}};
/* Progressive without refinement, in bands that the small sizes can leave out. */
static const jpeg_scan_info BANDS[] = {
    {1, {0}, 0, 0, 0, 0},  {2, {1, 2}, 0, 0, 0, 0}, {1, {0}, 1, 2, 0, 0},
    {1, {0}, 3, 9, 0, 0},  {1, {0}, 10, 63, 0, 0},  {1, {1}, 1, 5, 0, 0},
    {1, {1}, 6, 63, 0, 0}, {1, {2}, 1, 63, 0, 0}};
/* Progressive with many refinements, some of them of bands that differ from those of the first scans. */
static const jpeg_scan_info BITS[] = {
    {3, {0, 1, 2}, 0, 0, 0, 3}, {1, {0}, 1, 5, 0, 4},  {1, {0}, 6, 63, 0, 4},
    {1, {1}, 1, 63, 0, 1},      {1, {2}, 1, 63, 0, 2}, {1, {0}, 1, 63, 4, 3},
    {3, {0, 1, 2}, 0, 0, 3, 2}, {1, {0}, 1, 63, 3, 2}, {1, {2}, 1, 63, 2, 1},
    {3, {0, 1, 2}, 0, 0, 2, 1}, {1, {0}, 1, 3, 2, 1},  {1, {0}, 4, 63, 2, 1},
    {1, {0}, 1, 63, 1, 0},      {1, {1}, 1, 63, 1, 0}, {1, {2}, 1, 63, 1, 0},
    {3, {0, 1, 2}, 0, 0, 1, 0}};

#define SCRIPT(name, list) \
    if (strcmp(script, name) == 0) { \
        out->scan_info = list; \
        out->num_scans = sizeof(list) / sizeof(list[0]); \
    }

static void put(uint16_t number) { fwrite(&number, sizeof(number), 1, stdout); }

static void coefficients(j_decompress_ptr in, jvirt_barray_ptr *arrays) {
    for (int c = 0; c < in->num_components; c++) {
        jpeg_component_info *component = &in->comp_info[c];
        put(component->width_in_blocks);
        put(component->height_in_blocks);
        put(in->err->num_warnings);
        put(in->err->num_warnings);
        for (int i = 0; i < DCTSIZE2; i++) put(component->quant_table->quantval[i]);
        for (JDIMENSION y = 0; y < component->height_in_blocks; y++) {
            JBLOCKARRAY row = in->mem->access_virt_barray((j_common_ptr)in, arrays[c], y, 1, FALSE);
            fwrite(row[0], sizeof(JBLOCK), component->width_in_blocks, stdout);
        }
    }
}

static void rescan(j_decompress_ptr in, jvirt_barray_ptr *arrays, const char *script) {
    struct jpeg_compress_struct write;
    j_compress_ptr out = &write;
    struct jpeg_error_mgr errors;
    out->err = jpeg_std_error(&errors);
    jpeg_create_compress(out);
    jpeg_stdio_dest(out, stdout);
    jpeg_copy_critical_parameters(in, out);
    out->optimize_coding = TRUE;
    SCRIPT("apart", APART)
    SCRIPT("pair", PAIR)
    SCRIPT("bands", BANDS)
    SCRIPT("bits", BITS)
    if (strcmp(script, "restarts") == 0) {
        jpeg_simple_progression(out);
        out->restart_interval = 7;
    }
    jpeg_write_coefficients(out, arrays);
    jpeg_finish_compress(out);
    jpeg_destroy_compress(out);
}

static void sample(j_decompress_ptr in, const char *factors) {
    struct jpeg_compress_struct write;
    j_compress_ptr out = &write;
    struct jpeg_error_mgr errors;
    out->err = jpeg_std_error(&errors);
    jpeg_create_compress(out);
    jpeg_stdio_dest(out, stdout);
    in->out_color_space = JCS_YCbCr;
    jpeg_start_decompress(in);
    out->image_width = in->output_width;
    out->image_height = in->output_height;
    out->input_components = 3;
    out->in_color_space = JCS_YCbCr;
    jpeg_set_defaults(out);
    jpeg_set_quality(out, 90, TRUE);
    for (int c = 0; c < 3; c++) {
        out->comp_info[c].h_samp_factor = factors[2 * c] - '0';
        out->comp_info[c].v_samp_factor = factors[2 * c + 1] - '0';
    }
    jpeg_start_compress(out, TRUE);
    JSAMPROW row = malloc(3 * (size_t)in->output_width);
    while (in->output_scanline < in->output_height) {
        jpeg_read_scanlines(in, &row, 1);
        jpeg_write_scanlines(out, &row, 1);
    }
    free(row);
    jpeg_finish_compress(out);
    jpeg_destroy_compress(out);
}

static void encode(char **argv) {
    struct jpeg_compress_struct write;
    j_compress_ptr out = &write;
    struct jpeg_error_mgr errors;
    out->err = jpeg_std_error(&errors);
    jpeg_create_compress(out);
    jpeg_stdio_dest(out, stdout);
    int color = argv[5][0] == 'c';
    out->image_width = atoi(argv[3]);
    out->image_height = atoi(argv[4]);
    out->input_components = color ? 3 : 1;
    out->in_color_space = color ? JCS_YCbCr : JCS_GRAYSCALE;
    jpeg_set_defaults(out);
    jpeg_set_quality(out, atoi(argv[2]), TRUE);
    out->dct_method = JDCT_ISLOW;
    out->optimize_coding = TRUE;
    out->raw_data_in = TRUE;
    if (argv[5][1] == 'p') jpeg_simple_progression(out);
    jpeg_start_compress(out, TRUE);
    JSAMPARRAY planes[3];
    for (int c = 0; c < out->num_components; c++) {
        size_t half = c > 0, factor = out->comp_info[c].v_samp_factor;
        size_t width = (out->image_width + half) >> half, height = (out->image_height + half) >> half;
        size_t mcu = 8 * factor, across = (width + mcu - 1) / mcu * mcu;
        size_t down = (height + mcu - 1) / mcu * mcu;
        planes[c] = malloc(down * sizeof(JSAMPROW));
        for (size_t y = 0; y < down; y++) {
            if (y >= height) {
                planes[c][y] = planes[c][height - 1];
                continue;
            }
            planes[c][y] = malloc(across);
            if (fread(planes[c][y], 1, width, stdin) != width) exit(2);
            memset(planes[c][y] + width, planes[c][y][width - 1], across - width);
        }
    }
    int rows = 8 * out->max_v_samp_factor;
    while (out->next_scanline < out->image_height) {
        JSAMPARRAY at[3];
        for (int c = 0; c < out->num_components; c++)
            at[c] = planes[c] + out->next_scanline / (c > 0 ? 2 : 1);
        jpeg_write_raw_data(out, at, rows);
    }
    jpeg_finish_compress(out);
    jpeg_destroy_compress(out);
}

int main(int argc, char **argv) {
    struct jpeg_decompress_struct in;
    struct jpeg_error_mgr errors;
    if (argc == 6 && strcmp(argv[1], "encode") == 0) {
        encode(argv);
        return 0;
    }
    in.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&in);
    jpeg_stdio_src(&in, stdin);
    jpeg_read_header(&in, TRUE);
    if (argc == 3 && strcmp(argv[1], "sample") == 0)
        sample(&in, argv[2]);
    else if (argc == 3)
        rescan(&in, jpeg_read_coefficients(&in), argv[2]);
    else
        coefficients(&in, jpeg_read_coefficients(&in));
    jpeg_destroy_decompress(&in);
    return 0;
}
