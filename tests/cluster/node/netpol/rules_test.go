package netpol

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func pod(namespace, name, ip string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID("uid-1-" + name), Labels: map[string]string{"app": name}},
		Status:     corev1.PodStatus{PodIP: ip},
	}
}

func TestRules(t *testing.T) {
	port := intstr.FromInt32(3306)
	s := state{
		namespaces: map[string]labels.Set{"a": {}, "b": {}},
		pods:       []*corev1.Pod{pod("a", "db", "10.0.0.1"), pod("a", "web", "10.0.0.2"), pod("b", "web", "10.0.0.3")},
		policies: []*netv1.NetworkPolicy{{
			ObjectMeta: metav1.ObjectMeta{Namespace: "a"},
			Spec: netv1.NetworkPolicySpec{
				PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "db"}},
				PolicyTypes: []netv1.PolicyType{netv1.PolicyTypeIngress, netv1.PolicyTypeEgress},
				Ingress: []netv1.NetworkPolicyIngressRule{{
					From:  []netv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}}},
					Ports: []netv1.NetworkPolicyPort{{Port: &port}},
				}},
			},
		}},
	}
	rules := s.rules()
	for _, want := range []string{
		"chain in-uid1db {\n    ip saddr { 10.0.0.2 } tcp dport 3306 return\n    drop\n  }",
		"chain out-uid1db {\n    drop\n  }",
		"ip saddr vmap { 10.0.0.1 : jump out-uid1db }",
		"ip daddr vmap { 10.0.0.1 : jump in-uid1db }",
		"hook input priority -1; policy accept;\n    ct state established,related accept\n    ip saddr vmap { 10.0.0.1 : jump out-uid1db }\n  }",
	} {
		if !strings.Contains(rules, want) {
			t.Errorf("no %q in\n%s", want, rules)
		}
	}
	if strings.Contains(rules, "10.0.0.3") {
		t.Errorf("the other namespace's pod appears in\n%s", rules)
	}
}
