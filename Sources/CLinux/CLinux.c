// SwiftPM wants one source file in a C target; everything here is a static inline function of a header.
#include "CLinux.h"
