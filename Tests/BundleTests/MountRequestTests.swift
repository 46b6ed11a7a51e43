import Testing

@testable import Bundle

@Suite struct MountRequestTests {
  private func volume(_ text: String) throws -> MountRequest { try MountRequest(volume: text, workingDirectory: "/work/dir") }
  private func mount(_ text: String) throws -> MountRequest { try MountRequest(mount: text, workingDirectory: "/work/dir") }

  @Test func volumeForms() throws {
    let bind = try volume("/a/../b:/c/:ro,rslave")
    #expect(bind.kind == .bind && bind.source == "/b" && bind.target == "/c" && bind.readOnly && bind.propagation == "rslave")
    #expect(bind.createsSource)
    let relative = try volume("./x:/d")
    #expect(relative.source == "/work/dir/x" && relative.kind == .bind)
    let named = try volume("data:/d:nocopy")
    #expect(named.kind == .volume && named.source == "data" && named.noCopy && !named.createsSource)
    let anonymous = try volume("/d")
    #expect(anonymous.kind == .volume && anonymous.source.isEmpty && anonymous.target == "/d")
  }

  @Test(arguments: [
    ("", "invalid empty volume spec"), ("/a:/b:rw:x", "invalid spec: /a:/b:rw:x: too many colons"), ("/a:/b:bad", "invalid mode: bad"),
    ("/a:/b:ro,rw", "invalid mode: ro,rw"), ("/a::ro", "invalid spec: /a::ro: empty section between colons"),
    ("/a:ro", "invalid volume specification: '/a:ro'"),
    ("/a:/", "invalid volume specification: '/a:/': invalid specification: destination can't be '/'"),
    ("/a:b", "invalid volume specification: '/a:b': invalid mount path: 'b' mount path must be absolute"),
    ("x:/b", "volume name is too short, names should be at least two alphanumeric characters"),
    (
      "a/b:/c",
      "\"a/b\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
    ),
  ])
  func wrongVolumes(_ text: String, _ reason: String) {
    let error = #expect(throws: BundleError.self) { try volume(text) }
    #expect(error?.description == reason)
  }

  @Test func mountForms() throws {
    let bind = try mount("type=bind,source=/s,target=/t,readonly,bind-propagation=shared,bind-recursive=disabled")
    #expect(bind.kind == .bind && bind.readOnly && bind.propagation == "shared" && bind.nonRecursive && !bind.createsSource)
    let tmpfs = try mount("type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770")
    #expect(tmpfs.mergedTmpfsOptions == ["noexec", "nosuid", "nodev", "rprivate", "size=1048576", "mode=1770"])
    let volume = try mount("src=vol,target=/t,volume-nocopy=true,volume-label=a=b")
    #expect(volume.kind == .volume && volume.source == "vol" && volume.noCopy && volume.volumeLabels == ["a": "b"])
    #expect(try mount("\"type=bind\",\"source=/a,b\",target=/t").source == "/a,b")
  }

  @Test(arguments: [
    ("", "value is empty"), ("type=bind,target=/t", "invalid mount config for type \"bind\": field Source must not be empty"),
    ("type=bind,source=/a", "invalid mount config for type \"bind\": field Target must not be empty"),
    ("type=tmpfs,source=/a,target=/t", "invalid mount config for type \"tmpfs\": field Source must not be specified"),
    ("type=volume,target=/t,foo", "invalid field 'foo' must be a key=value pair"),
    ("type=volume,target=/t,foo=bar", "unknown option 'foo' in 'foo=bar'"),
    ("type=tmpfs,target=/t,bind-propagation=shared", "cannot mix 'bind-*' options with mount type 'tmpfs'"),
    ("type=volume, target=/t", "invalid option 'target' in ' target=/t': option should not have whitespace"),
    ("type=bind,source=/a,target=", "invalid value for 'target': value is empty"),
    ("type=nfs,target=/t", "mount type unknown: 'nfs'"), ("type=tmpfs,target=/t,tmpfs-mode=9", "invalid value for tmpfs-mode: 9"),
    ("type=bind,source=/a,target=\"/t", "parse error on line 1, column 28: bare \" in non-quoted-field"),
  ])
  func wrongMounts(_ text: String, _ reason: String) {
    #expect(throws: InvalidValue(reason)) { try mount(text) }
  }

  @Test func tmpfsTakesBackDefaults() throws {
    #expect(try MountRequest(tmpfs: "/run").mergedTmpfsOptions == ["noexec", "nosuid", "nodev", "rprivate"])
    #expect(
      try MountRequest(tmpfs: "/run:rw,exec,size=64k,mode=1777").mergedTmpfsOptions
        == ["nosuid", "nodev", "rprivate", "rw", "exec", "size=64k", "mode=1777"])
    #expect(throws: BundleError.self) { try MountRequest(tmpfs: "/run:lowerdir=/etc") }
    #expect(throws: BundleError.self) { try MountRequest(tmpfs: "run") }
  }
}
