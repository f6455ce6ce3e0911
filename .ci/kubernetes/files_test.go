// Package kubernetes reads the course's files for Kubernetes by the types of its API, which refuse a field
// that there is not. It is a module of its own: nothing else needs these types.
package kubernetes

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

const folder = "../../notebooks/cluster"

// objects are what a file describes.
type objects struct {
	services []core.Service
	claims   []core.PersistentVolumeClaim
	jobs     []batch.Job
}

func read(text string) (all objects, err error) {
	for _, document := range strings.Split(text, "\n---\n") {
		var kind struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
		}
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			return all, err
		}
		switch kind.APIVersion + " " + kind.Kind {
		case "v1 Service":
			all.services = append(all.services, core.Service{})
			err = strict(document, &all.services[len(all.services)-1])
		case "v1 PersistentVolumeClaim":
			all.claims = append(all.claims, core.PersistentVolumeClaim{})
			err = strict(document, &all.claims[len(all.claims)-1])
		case "batch/v1 Job":
			all.jobs = append(all.jobs, batch.Job{})
			err = strict(document, &all.jobs[len(all.jobs)-1])
		default:
			err = fmt.Errorf("there is no %s of %s", kind.Kind, kind.APIVersion)
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// strict reads as the API's server does: a field counts by its letters, large and small.
func strict(document string, object any) error {
	text, err := yaml.YAMLToJSONStrict([]byte(document))
	if err != nil {
		return err
	}
	problems, err := json.UnmarshalStrict(text, object)
	return errors.Join(append(problems, err)...)
}

func open(t *testing.T, name string) (all objects, text string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	if all, err = read(string(content)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return all, string(content)
}

// A field of another name, of another kind or in the wrong place is refused.
func TestStrict(t *testing.T) {
	_, text := open(t, "kubernetes.yaml")
	for old, changed := range map[string]string{
		"completionMode": "completionsMode", "subdomain:": "subDomain:", "completions: 8": "completions: eight", "clusterIP: None": "clusterIP: [None]",
		"batch/v1": "batch/v2", "      restartPolicy: Never": "  restartPolicy: Never", "parallelism: 8": "parallelism: 8\n  parallelism: 9",
	} {
		if !strings.Contains(text, old) {
			t.Fatalf("there is no %q", old)
		}
		if _, err := read(strings.Replace(text, old, changed, 1)); err == nil {
			t.Errorf("%q in the place of %q is let pass", changed, old)
		}
	}
}

// checkJob looks at what both jobs must have.
func checkJob(t *testing.T, job batch.Job) core.Container {
	t.Helper()
	spec := job.Spec
	if spec.CompletionMode == nil || *spec.CompletionMode != batch.IndexedCompletion || spec.Completions == nil || spec.Parallelism == nil || *spec.Completions != *spec.Parallelism {
		t.Errorf("%s is not indexed, or its pods are not there at the same time", job.Name)
	}
	// A limit for each index, and rules for pods that fail, are for pods that are not restarted.
	pod := spec.Template.Spec
	if pod.RestartPolicy != core.RestartPolicyNever || spec.BackoffLimitPerIndex == nil || len(pod.Containers) != 1 {
		t.Fatalf("%s: restart policy %q, %d containers", job.Name, pod.RestartPolicy, len(pod.Containers))
	}
	machine := pod.Containers[0]
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = true
	}
	for _, m := range machine.VolumeMounts {
		if !volumes[m.Name] {
			t.Errorf("%s mounts %q, which is no volume", job.Name, m.Name)
		}
	}
	if machine.Resources.Limits.Cpu().IsZero() || machine.Resources.Limits.Memory().IsZero() {
		t.Errorf("%s has no limits", job.Name)
	}
	for _, word := range machine.Command {
		if path, script := strings.CutPrefix(word, "notebooks/cluster/"); script {
			if _, err := os.Stat(filepath.Join(folder, path)); err != nil {
				t.Error(err)
			}
		}
	}
	return machine
}

func variables(c core.Container) map[string]string {
	values := map[string]string{}
	for _, e := range c.Env {
		values[e.Name] = e.Value
	}
	return values
}

func TestBoard(t *testing.T) {
	all, text := open(t, "kubernetes.yaml")
	if len(all.services) != 1 || len(all.jobs) != 1 {
		t.Fatalf("%d services and %d jobs", len(all.services), len(all.jobs))
	}
	service, job := all.services[0], all.jobs[0]
	machine := checkJob(t, job)
	if service.Spec.ClusterIP != core.ClusterIPNone || !service.Spec.PublishNotReadyAddresses || service.Spec.Selector[batch.JobNameLabel] != job.Name {
		t.Errorf("the service does not lead to the pods: %+v", service.Spec)
	}
	if job.Spec.Template.Spec.Subdomain != service.Name {
		t.Errorf("the pods are in %q, the service is %q", job.Spec.Template.Spec.Subdomain, service.Name)
	}
	// A pod of an Indexed Job has the name of the job and its index as its host name.
	place := fmt.Sprintf("@%s-0.%s:%d/", job.Name, service.Name, service.Spec.Ports[0].Port)
	if !strings.Contains(text, "|"+place+"|") {
		t.Errorf("the line does not lead to %s", place)
	}
	// The board's own pod never ends by itself.
	if want := fmt.Sprintf("1-%d", *job.Spec.Completions-1); job.Spec.SuccessPolicy == nil || *job.Spec.SuccessPolicy.Rules[0].SucceededIndexes != want {
		t.Errorf("the job ends with other pods than %s", want)
	}
	script, err := os.ReadFile(filepath.Join(folder, "kubernetes.sh"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(script), fmt.Sprint("--port ", service.Spec.Ports[0].Port)) {
		t.Error("the board listens on another port than the service's")
	}
	for _, name := range []string{"NOTEBOOK", "SECRET", "BOARD", "POD_IP"} {
		if _, ok := variables(machine)[name]; !ok || !strings.Contains(string(script), "$"+name) {
			t.Errorf("the variable %s is not set, or not used", name)
		}
	}
}

func TestFolder(t *testing.T) {
	all, _ := open(t, "kubernetes-folder.yaml")
	if len(all.claims) != 1 || len(all.jobs) != 1 {
		t.Fatalf("%d claims and %d jobs", len(all.claims), len(all.jobs))
	}
	claim, job := all.claims[0], all.jobs[0]
	machine := checkJob(t, job)
	if claim.Spec.AccessModes[0] != core.ReadWriteMany || job.Spec.Template.Spec.Volumes[0].PersistentVolumeClaim.ClaimName != claim.Name {
		t.Error("the pods do not share the volume")
	}
	if shared := variables(machine)["CONVBOOK_SWEEP"]; shared == "" || shared != machine.VolumeMounts[0].MountPath {
		t.Errorf("the sweep is shared in %q, the volume is at %q", shared, machine.VolumeMounts[0].MountPath)
	}
}
