"""kubelet.py SOCKET HANDLER IMAGE PORT LOGS: does by the CRI what a kubelet does for a pod with a RuntimeClass and a host port: a sandbox, a
container with a limit in it, exec, another limit, statistics, and its end. Prints what it sees."""
import os, sys, time, urllib.request
import grpc, cri_pb2 as cri, cri_pb2_grpc

socket, handler, image, port, logs = sys.argv[1:]
runtime = cri_pb2_grpc.RuntimeServiceStub(grpc.insecure_channel("unix://" + socket))
config = cri.PodConfig(
    metadata=cri.Metadata(name="pod", uid="u", namespace="default"), hostname="pod", log_directory=logs,
    port_mappings=[cri.PortMapping(container_port=80, host_port=int(port))], linux=cri.LinuxPod(cgroup_parent=f"/tote-cri-{os.getpid()}"))
pod = runtime.RunPodSandbox(cri.RunPodSandboxRequest(config=config, runtime_handler=handler))
status = runtime.PodSandboxStatus(pod).status
print("pod", status.network.ip)
container = runtime.CreateContainer(cri.CreateContainerRequest(
    pod_sandbox_id=pod.pod_sandbox_id, sandbox_config=config, config=cri.ContainerConfig(
        metadata=cri.ContainerMetadata(name="web"), image=cri.Image(image=image), log_path="web.log",
        command=["sh", "-c", "mkdir /www; echo a page from a pod >/www/index.html; echo logged; exec httpd -f -p 80 -h /www"],
        linux=cri.LinuxContainer(resources=cri.Resources(memory_limit_in_bytes=64 << 20)))))
runtime.StartContainer(container)


def execute(*words):
    answer = runtime.ExecSync(cri.ExecSyncRequest(container_id=container.container_id, cmd=words, timeout=10))
    return answer.exit_code, answer.stdout.decode().strip()


print("exec", *execute("hostname"), execute("sh", "-c", "exit 7")[0])
limit = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes || cat /sys/fs/cgroup/memory.max"
print("limit", execute("sh", "-c", limit)[1])
for _ in range(100):
    try: print(urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=3).read().decode().strip())
    except OSError: time.sleep(0.1)
    else: break
runtime.UpdateContainerResources(cri.UpdateContainerResourcesRequest(
    container_id=container.container_id, linux=cri.Resources(memory_limit_in_bytes=32 << 20)))
print("limit", execute("sh", "-c", limit)[1])
print("memory", runtime.ContainerStats(container).stats.memory.working_set_bytes.value > 0)
runtime.StopContainer(cri.StopContainerRequest(container_id=container.container_id, timeout=0))
print("exit", runtime.ContainerStatus(container).status.exit_code)
runtime.RemoveContainer(container)
runtime.StopPodSandbox(pod)
runtime.RemovePodSandbox(pod)
print("left", len(runtime.ListPodSandbox(cri.Nothing()).items))
