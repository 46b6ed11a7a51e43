internal import Glibc

/// How many processors are online (sysconf(3)).
package var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
