#include <isa-l.h>
#include <stdint.h>

// Sizes that igzip_lib.h gives as macros of macros.
static inline int64_t cisal_level_buffer_size(uint32_t level) {
  return level == 0 ? ISAL_DEF_LVL0_DEFAULT : level == 1 ? ISAL_DEF_LVL1_DEFAULT : ISAL_DEF_LVL2_DEFAULT;
}
