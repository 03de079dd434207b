// The part of a Kubernetes API server that decides who somebody is, and its answer to SelfSubjectReview: the API server's
// own libraries, on an AuthenticationConfiguration as an administrator writes it. Nothing else of an API server is here.
//
// It tells on a line of JSON that it is up, takes orders on standard input as the other programs of this folder do, and
// ends when that closes.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/apis/apiserver/validation"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	authenticationcel "k8s.io/apiserver/pkg/authentication/cel"
	"k8s.io/apiserver/pkg/authentication/group"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"
	"k8s.io/client-go/util/cert"
)

const (
	path       = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
	mostOfBody = 1 << 20
	start      = 30 * time.Second
)

// What was refused, and why: an API server tells its own log and nobody else.
type refusals struct {
	sync.Mutex
	reasons []string
}

func (refused *refusals) note(err error) {
	refused.Lock()
	defer refused.Unlock()
	if err != nil {
		refused.reasons = append(refused.reasons, err.Error())
	} else {
		refused.reasons = append(refused.reasons, "no token that any issuer of the configuration takes")
	}
}

func (refused *refusals) take() []string {
	refused.Lock()
	defer refused.Unlock()
	taken := refused.reasons
	refused.reasons = []string{}
	return taken
}

func main() {
	config := flag.String("config", "", "the AuthenticationConfiguration, YAML")
	folder := flag.String("folder", "", "where its certificate goes")
	flag.Parse()
	if err := run(*config, *folder); err != nil {
		log.Fatal(err)
	}
}

func run(config, folder string) error {
	// A kubeconfig's relative paths count from where it lies, not from here.
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	tokens, err := authenticatorOf(ctx, config)
	if err != nil {
		return err
	}
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	if err != nil {
		return err
	}
	files := [2]string{filepath.Join(folder, "api-server.pem"), filepath.Join(folder, "api-server-key.pem")}
	for at, content := range [2][]byte{certificate, key} {
		if err := os.WriteFile(files[at], content, 0o600); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	refused := &refusals{reasons: []string{}}
	who := group.NewAuthenticatedGroupAdder(bearertoken.New(tokens))
	routes := http.NewServeMux()
	routes.HandleFunc("POST "+path, func(answer http.ResponseWriter, request *http.Request) {
		review(answer, request, who, refused)
	})
	routes.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		fail(answer, http.StatusNotFound, metav1.StatusReasonNotFound, "the server could not find the requested resource")
	})
	go func() { log.Fatal(http.ServeTLS(listener, routes, files[0], files[1])) }()
	told := json.NewEncoder(os.Stdout)
	if err := told.Encode(map[string]string{"version": version(), "server": "https://" + listener.Addr().String(), "ca_file": files[0]}); err != nil {
		return err
	}
	return takeOrders(told, refused)
}

// `{"do":"refusals"}` is answered with the reasons since it was last asked.
func takeOrders(told *json.Encoder, refused *refusals) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var order struct{ Do string }
		if err := json.Unmarshal(lines.Bytes(), &order); err != nil {
			return err
		}
		answer := map[string]any{"error": "there is no such order"}
		if order.Do == "refusals" {
			answer = map[string]any{"answer": refused.take()}
		}
		if err := told.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

// Reads the configuration strictly and checks it as an API server does at its start.
func authenticatorOf(ctx context.Context, file string) (authenticator.Token, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	install.Install(scheme)
	codecs := serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	object, err := runtime.Decode(codecs.UniversalDecoder(), text)
	if err != nil {
		return nil, err
	}
	config, ok := object.(*apiserver.AuthenticationConfiguration)
	if !ok || len(config.JWT) != 1 {
		return nil, errors.New("one AuthenticationConfiguration with one issuer is expected")
	}
	compiler := authenticationcel.NewDefaultCompiler()
	if errs := validation.ValidateAuthenticationConfiguration(compiler, config, nil); len(errs) > 0 {
		return nil, errs.ToAggregate()
	}
	options := oidc.Options{
		JWTAuthenticator:     config.JWT[0],
		Compiler:             compiler,
		SupportedSigningAlgs: oidc.AllValidSigningAlgorithms(),
	}
	if authority := config.JWT[0].Issuer.CertificateAuthority; authority != "" {
		options.CAContentProvider, err = dynamiccertificates.NewStaticCAContent("issuer", []byte(authority))
		if err != nil {
			return nil, err
		}
	}
	tokens, err := oidc.New(ctx, options)
	if err != nil {
		return nil, err
	}
	// It fetches discovery and keys in the background and refuses everything until it has them.
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if err = tokens.HealthCheck(); err == nil {
			return tokens, nil
		}
		if time.Since(begun) > start {
			return nil, fmt.Errorf("the issuer does not answer: %w", err)
		}
	}
}

func review(answer http.ResponseWriter, request *http.Request, who authenticator.Request, refused *refusals) {
	found, ok, err := who.AuthenticateRequest(request)
	if !ok || err != nil {
		refused.note(err)
		fail(answer, http.StatusUnauthorized, metav1.StatusReasonUnauthorized, "Unauthorized")
		return
	}
	var asked metav1.TypeMeta
	body, err := io.ReadAll(io.LimitReader(request.Body, mostOfBody))
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	if err != nil || asked.Kind != "SelfSubjectReview" {
		fail(answer, http.StatusBadRequest, metav1.StatusReasonBadRequest, "a SelfSubjectReview is expected")
		return
	}
	extra := map[string]authenticationv1.ExtraValue{}
	for name, values := range found.User.GetExtra() {
		extra[name] = values
	}
	write(answer, http.StatusCreated, authenticationv1.SelfSubjectReview{
		TypeMeta:   metav1.TypeMeta{APIVersion: "authentication.k8s.io/v1", Kind: "SelfSubjectReview"},
		ObjectMeta: metav1.ObjectMeta{CreationTimestamp: metav1.Now()},
		Status: authenticationv1.SelfSubjectReviewStatus{UserInfo: authenticationv1.UserInfo{
			Username: found.User.GetName(), UID: found.User.GetUID(), Groups: found.User.GetGroups(), Extra: extra,
		}},
	})
}

func fail(answer http.ResponseWriter, code int32, reason metav1.StatusReason, message string) {
	write(answer, int(code), metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"},
		Status:   metav1.StatusFailure, Message: message, Reason: reason, Code: code,
	})
}

func write(answer http.ResponseWriter, status int, body any) {
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(status)
	if err := json.NewEncoder(answer).Encode(body); err != nil {
		log.Print(err)
	}
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if module.Path == "k8s.io/apiserver" {
				return strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return "unknown"
}
