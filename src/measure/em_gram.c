/* measure/em_gram.c - sums of outer products of float vectors, in tiles that stay in registers. */
#include "measure/em_inside.h"
#include "measure/kernel.h"

enum { LANES = 16, ACROSS = 2, DOWN = 4 };

/* GCC's and clang's vectors: one AVX-512 register, or as many narrower ones as it takes. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

KERNEL void em_gram(const float *x, const float *scale, size_t rows, size_t width, float *c)
{
    float scaled[EM_GRAM_ROWS][DOWN];
    for (size_t i = 0; i < width; i += DOWN) {
        for (size_t r = 0; r < rows; r++)
            for (size_t l = 0; l < DOWN; l++)
                scaled[r][l] = scale[r] * x[r * width + i + l];
        for (size_t k = 0; k <= i; k += LANES * ACROSS) {
            lanes acc[DOWN][ACROSS] = {0};
            size_t across = k + LANES * ACROSS <= width ? ACROSS : 1;
            if (across == ACROSS)
                for (size_t r = 0; r < rows; r++) {
                    const float *v = x + r * width + k;
                    lanes v0 = *(const lanes *)(const void *)v;
                    lanes v1 = *(const lanes *)(const void *)(v + LANES);
                    for (size_t l = 0; l < DOWN; l++) {
                        acc[l][0] += scaled[r][l] * v0;
                        acc[l][1] += scaled[r][l] * v1;
                    }
                }
            else
                for (size_t r = 0; r < rows; r++) {
                    lanes v0 = *(const lanes *)(const void *)(x + r * width + k);
                    for (size_t l = 0; l < DOWN; l++)
                        acc[l][0] += scaled[r][l] * v0;
                }
            for (size_t l = 0; l < DOWN; l++)
                for (size_t h = 0; h < across; h++) {
                    lanes *to = (lanes *)(void *)(c + (i + l) * width + k + h * LANES);
                    *to += acc[l][h];
                }
        }
    }
}
