internal import OCIRuntimeSpec
internal import SystemPackage

extension HookPlan {
  init(_ configuration: RuntimeConfiguration, bundle: FilePath) throws(RuntimeError) {
    self.init()
    ociVersion = "\(configuration.ociVersion)"
    self.bundle = bundle
    annotations = configuration.annotations ?? [:]
    guard let hooks = configuration.hooks else { return }
    prestart = try HookPlan.hooks(hooks.prestart, "prestart")
    createRuntime = try HookPlan.hooks(hooks.createRuntime, "createRuntime")
    createContainer = try HookPlan.hooks(hooks.createContainer, "createContainer")
    startContainer = try HookPlan.hooks(hooks.startContainer, "startContainer")
    poststart = try HookPlan.hooks(hooks.poststart, "poststart")
    poststop = try HookPlan.hooks(hooks.poststop, "poststop")
  }

  private static func hooks(_ hooks: [OCIRuntimeSpec.Hook]?, _ kind: String) throws(RuntimeError) -> [Hook] {
    var plans: [Hook] = []
    for (index, hook) in (hooks ?? []).enumerated() {
      let property = "hooks.\(kind)[\(index)]"
      if !hook.path.hasPrefix("/") { throw .property("\(property).path", "'\(hook.path)' is not an absolute path") }
      if let timeout = hook.timeout, timeout <= 0 { throw .property("\(property).timeout", "\(timeout) is not greater than zero") }
      plans.append(
        Hook(path: FilePath(hook.path), arguments: hook.args ?? [hook.path], environment: hook.env, timeout: hook.timeout))
    }
    return plans
  }
}
