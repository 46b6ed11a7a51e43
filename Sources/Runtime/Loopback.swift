internal import Linux

/// Brings `lo` up in a network namespace that is new.
func bringUpLoopback() throws(SystemError) { try setInterfaceUp("lo") }
