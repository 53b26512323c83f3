package netpol

import (
	"fmt"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// table is replaced as a whole by each load.
const table = "ip pod-policy"

// state is all that the rules depend on.
type state struct {
	pods       []*corev1.Pod
	namespaces map[string]labels.Set
	policies   []*netv1.NetworkPolicy
}

// rules gives an nft script. A pod that a policy selects has a chain for that direction, which returns
// what some policy allows and drops the rest.
func (s *state) rules() string {
	sort.Slice(s.pods, func(i, j int) bool { return s.pods[i].UID < s.pods[j].UID })
	sort.Slice(s.policies, func(i, j int) bool { return s.policies[i].UID < s.policies[j].UID })
	var b strings.Builder
	fmt.Fprintf(&b, "table %s\ndelete table %s\ntable %s {\n", table, table, table)
	var in, out []string
	for _, p := range s.pods {
		id := strings.ReplaceAll(string(p.UID), "-", "")
		if allowed, isolated := s.pod(p, netv1.PolicyTypeIngress); isolated {
			writeChain(&b, "in-"+id, allowed)
			in = append(in, p.Status.PodIP+" : jump in-"+id)
		}
		if allowed, isolated := s.pod(p, netv1.PolicyTypeEgress); isolated {
			writeChain(&b, "out-"+id, allowed)
			out = append(out, p.Status.PodIP+" : jump out-"+id)
		}
	}
	// One before the filter priority: ahead of whatever else filters forwarded packets.
	b.WriteString("  chain forward {\n    type filter hook forward priority -1; policy accept;\n" +
		"    ct state established,related accept\n")
	writeMap(&b, "saddr", out)
	writeMap(&b, "daddr", in)
	// What a pod sends to the node itself, where the API server is, is not forwarded.
	b.WriteString("  }\n  chain input {\n    type filter hook input priority -1; policy accept;\n" +
		"    ct state established,related accept\n")
	writeMap(&b, "saddr", out)
	b.WriteString("  }\n}\n")
	return b.String()
}

func writeChain(b *strings.Builder, name string, allowed []string) {
	fmt.Fprintf(b, "  chain %s {\n", name)
	for _, match := range allowed {
		fmt.Fprintf(b, "    %s return\n", match)
	}
	b.WriteString("    drop\n  }\n")
}

func writeMap(b *strings.Builder, direction string, entries []string) {
	if len(entries) > 0 {
		fmt.Fprintf(b, "    ip %s vmap { %s }\n", direction, strings.Join(entries, ", "))
	}
}

// pod gives the nft matches that the policies allow for a pod in one direction, and whether any
// policy selects it there.
func (s *state) pod(p *corev1.Pod, direction netv1.PolicyType) (allowed []string, isolated bool) {
	for _, policy := range s.policies {
		if policy.Namespace != p.Namespace || !selects(&policy.Spec.PodSelector, p.Labels) {
			continue
		}
		for _, t := range policy.Spec.PolicyTypes {
			if t != direction {
				continue
			}
			isolated = true
			if direction == netv1.PolicyTypeIngress {
				for _, rule := range policy.Spec.Ingress {
					allowed = append(allowed, s.allow("saddr", rule.From, policy.Namespace, ports(rule.Ports, []*corev1.Pod{p}))...)
				}
				continue
			}
			for _, rule := range policy.Spec.Egress {
				allowed = append(allowed, s.allow("daddr", rule.To, policy.Namespace, ports(rule.Ports, s.pods))...)
			}
		}
	}
	return allowed, isolated
}

// allow gives one nft match for each peer times port; no peers means every address.
func (s *state) allow(direction string, peers []netv1.NetworkPolicyPeer, namespace string, ports []string) []string {
	addresses := []string{}
	if len(peers) == 0 {
		addresses = append(addresses, "")
	}
	pods := map[string]bool{}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			addresses = append(addresses, block(direction, peer.IPBlock))
			continue
		}
		for _, p := range s.pods {
			if s.isPeer(p, peer, namespace) {
				pods[p.Status.PodIP] = true
			}
		}
	}
	if len(pods) > 0 {
		addresses = append(addresses, fmt.Sprintf("ip %s { %s } ", direction, strings.Join(sorted(pods), ", ")))
	}
	var matches []string
	for _, a := range addresses {
		for _, p := range ports {
			matches = append(matches, a+p)
		}
	}
	return matches
}

func block(direction string, b *netv1.IPBlock) string {
	match := fmt.Sprintf("ip %s %s ", direction, b.CIDR)
	if len(b.Except) > 0 {
		match += fmt.Sprintf("ip %s != { %s } ", direction, strings.Join(b.Except, ", "))
	}
	return match
}

// isPeer: without a namespace selector, a peer is in the policy's own namespace.
func (s *state) isPeer(p *corev1.Pod, peer netv1.NetworkPolicyPeer, namespace string) bool {
	if peer.NamespaceSelector == nil && p.Namespace != namespace {
		return false
	}
	if peer.NamespaceSelector != nil && !selects(peer.NamespaceSelector, s.namespaces[p.Namespace]) {
		return false
	}
	return peer.PodSelector == nil || selects(peer.PodSelector, p.Labels)
}

func selects(selector *metav1.LabelSelector, l labels.Set) bool {
	m, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && m.Matches(l)
}

// ports gives one nft match for each port; no ports means every protocol and port. A name stands for
// the ports that the given pods call so.
func ports(list []netv1.NetworkPolicyPort, pods []*corev1.Pod) []string {
	if len(list) == 0 {
		return []string{""}
	}
	var matches []string
	for _, port := range list {
		protocol := "tcp"
		if port.Protocol != nil {
			protocol = strings.ToLower(string(*port.Protocol))
		}
		switch {
		case port.Port == nil:
			matches = append(matches, "meta l4proto "+protocol)
		case port.Port.StrVal != "":
			matches = append(matches, named(port.Port.StrVal, protocol, pods)...)
		case port.EndPort != nil:
			matches = append(matches, fmt.Sprintf("%s dport %d-%d", protocol, port.Port.IntVal, *port.EndPort))
		default:
			matches = append(matches, fmt.Sprintf("%s dport %d", protocol, port.Port.IntVal))
		}
	}
	return matches
}

func named(name, protocol string, pods []*corev1.Pod) []string {
	found := map[string]bool{}
	for _, p := range pods {
		for _, c := range p.Spec.Containers {
			for _, port := range c.Ports {
				if port.Name == name && strings.EqualFold(string(port.Protocol), protocol) {
					found[fmt.Sprintf("%s dport %d", protocol, port.ContainerPort)] = true
				}
			}
		}
	}
	return sorted(found)
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}
