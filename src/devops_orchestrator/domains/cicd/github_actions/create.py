"""Writing `.github/workflows/ci.yml` and `.github/dependabot.yml` from what the project is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from devops_orchestrator.core import facts
from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.domains.cicd.github_actions import branches, changes, dependabot, images, services, setup
from devops_orchestrator.domains.cicd.github_actions.existing import ci_workflows
from devops_orchestrator.domains.cicd.github_actions.params import GithubActionsParams
from devops_orchestrator.domains.cicd.github_actions.pipeline import RUNNERS, Job, Raw, Step, checkout
from devops_orchestrator.formats.template import quoted, render
from devops_orchestrator.text import Text

COMPILED = ("java", "kotlin", "go", "rust", "csharp")
SELF_MIGRATING = ("django", "laravel", "rails", "spring-boot", "quarkus")  # their test runners prepare the database
DEPENDABOT = ".github/dependabot.yml"


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """The default branch, where git knows it."""
    branch = branches.default(project)
    if not branch:
        return {}
    return {"branches": Suggestion((branch,), project.vcs.evidence.get("default_branch", "git"))}


def create(params: GithubActionsParams, project: Project) -> Creation:
    """The workflow and the Dependabot file; a question where the repository has nothing to run."""
    files = []
    running = ci_workflows(project)
    if running and changes.WORKFLOW not in running:
        summary = Text(
            f"{' and '.join(running)} already checks this project: improved rather than doubled.",
            f"{' et '.join(running)} vérifie déjà ce projet : amélioré plutôt que doublé.",
        )
        files = [File(path, project.repository.read(path) or "", why=summary) for path in running]
        return Creation(summary, files=(*files, *_dependabot(project)), next_steps=())
    plan = Plan(params, project)
    plan.make()
    if not plan.jobs:
        return _nothing_to_run(project)
    summary = _summary(plan)
    files = [File(changes.WORKFLOW, plan.text(), why=summary), *_dependabot(project)]
    return Creation(summary, files=tuple(files), next_steps=tuple(plan.next_steps))


def _dependabot(project: Project) -> list[File]:
    if project.of_kind("renovate") or ".github/dependabot.yaml" in project.repository.files:
        return []
    why = Text(
        "Updates of what the repository depends on, weekly and grouped.",
        "Mises à jour hebdomadaires et groupées des dépendances du dépôt.",
    )
    return [File(DEPENDABOT, dependabot.text(project), why=why)]


def _nothing_to_run(project: Project) -> Creation:
    return Creation(
        Text(
            "Nothing in this repository says what CI should run.",
            "Rien dans ce dépôt n'indique ce que la CI devrait exécuter.",
        ),
        question=Text(
            "This repository has no test, lint or build command and no Dockerfile. What should CI run?",
            "Ce dépôt n'a ni commande de test, de lint ou de build, ni Dockerfile. Que doit exécuter la CI ?",
        ),
        options=("containers/docker", "cicd/pipelines"),
    )


def _summary(plan: Plan) -> Text:
    names = ", ".join(job.name for job in plan.jobs if job.id != "changes")
    return Text(
        f"A workflow with the jobs {names}, and weekly dependency updates.",
        f"Un workflow avec les jobs {names}, et des mises à jour hebdomadaires des dépendances.",
    )


@dataclass
class Plan:
    """The jobs of the workflow while they are put together."""

    params: GithubActionsParams
    project: Project
    jobs: list[Job] = field(default_factory=list)
    next_steps: list[Text] = field(default_factory=list)

    def make(self) -> None:
        """Fill `jobs` and `next_steps`."""
        components = [c for c in self.project.components if _commands(c)]
        built = images.found(self.project)
        units = {c.path for c in components} | {image.component.path for image in built if image.component}
        if len(units) > 1:
            self._monorepo(components, built)
        else:
            for component in components:
                self.jobs += self._single(component)
            checked = [job.id for job in self.jobs]
            self.jobs += [
                images.job(image, self.project, id="image", name="Image", needs=checked, condition="", several=False)
                for image in built[:1]
            ]
        for component in components:
            if not component.test:
                self._say(
                    f"{component.name} has no test command: no test job was made up. Once it has tests, `devops improve` finds that CI does not run them.",
                    f"{component.name} n'a pas de commande de test : aucun job de test n'a été inventé. Dès qu'il en aura, `devops improve` signalera que la CI ne les lance pas.",
                )

    def _say(self, en: str, fr: str) -> None:
        self.next_steps.append(Text(en, fr))

    def text(self) -> str:
        """The workflow's file."""
        names = self.params.branches or (branches.default(self.project) or "main",)
        return render(
            __package__, "ci.yml", jobs=self.jobs, branches=", ".join(quoted(name) for name in names),
            image=any(job.id.endswith("image") for job in self.jobs), schedule=self.params.schedule,
        )  # fmt: skip

    def _single(self, component: Component) -> list[Job]:
        """One component: lint, tests and build side by side; compiled languages build where they test."""
        compiled = component.language in COMPILED
        found = []
        checks = _check_steps(component)
        if checks:
            found.append(
                self._job("lint", "Lint", component, checks, 10, "cuts a hung step short: GitHub's default is 6 hours")
            )
        tests = _test_steps(component)
        builds = _build_steps(component)
        if tests:
            name = "Build and tests" if (compiled and builds) or _verifies(component) else "Tests"
            job = self._job(
                "test",
                name,
                component,
                tests + (builds if compiled else []),
                20,
                "cuts a hung test short",
            )
            self._prepare_tests(job, component)
            found.append(job)
        if builds and not (tests and compiled):
            found.append(self._job("build", "Build", component, builds, 15, "cuts a hung build short"))
        return found

    def _monorepo(self, components: list[Component], built: list[images.Image]) -> None:
        """One job a component that runs where its paths changed, its image after it, and one check for all."""
        ids: dict[str, Component] = {}
        for component in [*components, *(image.component for image in built if image.component)]:
            if component not in ids.values():
                name = images.slug(component, self.project)
                name = name if name[0].isalpha() else f"app-{name}"  # a job's id begins with a letter
                ids[name if name not in ids and name not in ("changes", "ci") else f"{name}-{len(ids)}"] = component
        self.jobs.append(changes.job(ids, self.project))
        for name, component in ids.items():
            condition = f"needs.changes.outputs.{name} == 'true'"
            if component in components:
                steps = [*_check_steps(component), *_test_steps(component), *_build_steps(component)]
                job = self._job(
                    name,
                    component.name.rsplit("/", 1)[-1],
                    component,
                    steps,
                    20,
                    "cuts a hung test short",
                )
                job.needs, job.condition = ["changes"], condition
                if component.test:
                    self._prepare_tests(job, component)
                self.jobs.append(job)
            for image in built:
                if image.component == component:
                    needs = ["changes", *([name] if component in components else [])]
                    self.jobs.append(
                        images.job(image, self.project, id=f"{name}-image", name=f"{component.name.rsplit('/', 1)[-1]} image", needs=needs, condition=condition, several=len(built) > 1)
                    )  # fmt: skip
        self.jobs.append(changes.gate([job.id for job in self.jobs], set(ids)))
        self._say(
            "In the branch protection, require the check `CI` alone: it waits for the components that changed.",
            "Dans la protection de branche, exigez le seul check `CI` : il attend les composants modifiés.",
        )

    def _job(self, id: str, name: str, component: Component, work: list[Step], minutes: int, why: str) -> Job:
        given = Raw(f'"{self.params.versions[0]}"') if len(self.params.versions) == 1 else None
        steps = [checkout(), *setup.steps(component, self.project, given=given), *work]
        folder = "" if component.path == "." else component.path
        steps = [replace(step, folder="") if step.folder == "." and not folder else step for step in steps]
        return Job(id=id, name=name, steps=steps, timeout=minutes, why_timeout=why, folder=folder)

    def _prepare_tests(self, job: Job, component: Component) -> None:
        """Services, environment and matrix of the job that runs a component's tests."""
        wanted = [*component.test_services, *(s for s in self.params.services if s not in component.test_services)]
        job.services = services.containers(wanted, self.project)
        for name in services.unknown(wanted):
            self._say(
                f"The tests of {component.name} need {name}, for which no image is known here: add it under `services`.",
                f"Les tests de {component.name} ont besoin de {name}, dont aucune image n'est connue ici : ajoutez-le sous `services`.",
            )
        found = services.environment(component, wanted)
        job.env = {**found, **self._required(component, found)}
        if job.env:
            job.env_note = "The names that the code reads; what they open lives only as long as this job."
        if (
            any(name in services.SQL for name in wanted)
            and component.migrate
            and component.framework not in SELF_MIGRATING
        ):
            at = next(i for i, step in enumerate(job.steps) if step.run == component.test)
            job.steps.insert(at, Step(name="Migrate the database", run=component.migrate))
        self._matrix(job, component)

    def _required(self, component: Component, found: Mapping[str, str]) -> dict[str, str]:
        """A value for each secret without which the code does not start; the other variables are told."""
        left = [name for name in component.required_environment if name not in found]
        secrets = [
            name
            for name in left
            if re.search(r"(SECRET|KEY|TOKEN|PASSWORD|SALT)(_|$)", name) and component.framework != "laravel"
        ]
        others = [
            name
            for name in left
            if name not in secrets and not (name == "APP_KEY" and component.framework == "laravel")
        ]
        if others:
            shown = ", ".join(others)
            self._say(
                f"{component.name} reads {shown} without a default: if its tests do too, add them under `env` of the test job.",
                f"{component.name} lit {shown} sans valeur par défaut : si ses tests aussi, ajoutez-les sous `env` du job de test.",
            )
        return dict.fromkeys(secrets, "only-for-the-tests-of-this-job")

    def _matrix(self, job: Job, component: Component) -> None:
        """Versions and systems that were asked for; a library is tested on every version that it supports."""
        versions = self.params.versions or tuple(_supported(component))
        systems = tuple(dict.fromkeys(RUNNERS.get(name, name) for name in self.params.os))
        if job.services and any(not name.startswith("ubuntu") for name in systems):
            systems = tuple(name for name in systems if name.startswith("ubuntu"))
            self._say(
                "Service containers run on Linux runners alone: the tests that need them stay on Ubuntu.",
                "Les conteneurs de service ne tournent que sur des runners Linux : les tests qui en dépendent restent sur Ubuntu.",
            )
        matrix: dict[str, tuple[str, ...]] = {}
        if len(systems) > 1:
            matrix["os"] = systems
            job.runner = "${{ matrix.os }}"
        elif systems:
            job.runner = systems[0]
        if len(versions) > 1:
            matrix["version"] = versions
            work = job.steps[1 + len(setup.steps(component, self.project)) :]
            job.steps = [job.steps[0], *setup.steps(component, self.project, given=setup.MATRIX), *work]
        if matrix:
            job.matrix = matrix
            job.name = f"{job.name} ({', '.join(f'${{{{ matrix.{key} }}}}' for key in matrix)})"


def _supported(component: Component) -> list[str]:
    """The supported versions of its runtime that a library's lower bound allows, the oldest first."""
    key = setup.runtime(component)
    said = component.runtime.version if component.runtime else None
    if component.kind != "library" or key not in ("python", "node", "php", "ruby") or not said:
        return []
    lowest = _numbers(said)
    known = [str(cycle) for cycle in facts.load("runtimes")[key]["supported"]]
    return sorted((cycle for cycle in known if _numbers(cycle) >= lowest[: len(_numbers(cycle))]), key=_numbers)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _commands(component: Component) -> bool:
    """Whether there is something to run, with a runtime that a setup action brings."""
    if not setup.knows(component):
        return False
    return bool(component.test or component.lint or component.typecheck or component.build)


def _verifies(component: Component) -> bool:
    """Whether its test command is Maven's `verify`, whose phases include validation and packaging."""
    return component.package_manager == "maven" and " verify" in (component.test or "")


def _check_steps(component: Component) -> list[Step]:
    found = []
    if component.lint and not (_verifies(component) and component.lint.endswith(" validate")):
        found.append(Step(name="Lint", run=component.lint))
    if component.typecheck:
        found.append(Step(name="Types", run=component.typecheck))
    return found


def _test_steps(component: Component) -> list[Step]:
    found = []
    if component.test:
        if component.framework == "laravel" and any(path.endswith(".env.example") for path in component.files):
            found.append(Step(name="Prepare the environment", run="cp .env.example .env\nphp artisan key:generate"))
        found.append(Step(name="Test", run=component.test))
    return found


def _build_steps(component: Component) -> list[Step]:
    if _verifies(component):
        return []
    return [Step(name="Build", run=component.build)] if component.build else []
