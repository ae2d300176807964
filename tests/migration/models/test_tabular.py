"""Tabular models: every method learns, is kept, and comes back to the last bit."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mesa_llm_city.core.errors import ConfigError, DataError
from mesa_llm_city.migration.evaluation.calibration import log_odds, sigmoid
from mesa_llm_city.migration.evaluation.metrics import auc
from mesa_llm_city.migration.models.base import MigrationModel, OneClassWarning
from mesa_llm_city.migration.models.learners import LEARNERS
from mesa_llm_city.migration.models.libraries import has_library
from mesa_llm_city.migration.models.tabular import TabularModel
from mesa_llm_city.migration.survey.synthetic import synthetic_survey
from mesa_llm_city.migration.survey.table import SurveyTable
from tests.migration.schemas import binary_schema

pytest.importorskip("sklearn")

METHODS = [name for name in LEARNERS if name not in {"lightgbm", "xgboost"} or has_library(name)]
TRAIN, VAL = synthetic_survey(1500, seed=1), synthetic_survey(600, seed=2)


def relabelled(table: SurveyTable, target: np.ndarray) -> SurveyTable:
    return SurveyTable(
        frame=table.frame, target=target.astype(np.int8), group=table.group, schema=table.schema
    )


@pytest.mark.parametrize("method", METHODS)
class TestEveryMethod:
    @pytest.mark.slow
    def test_a_trained_model_predicts_the_same_after_loading(
        self, method: str, tmp_path: Path
    ) -> None:
        model: MigrationModel = TabularModel(method).fit(TRAIN, VAL)
        p = model.predict_proba(VAL)
        assert p.shape == (len(VAL), 2)
        assert p.sum(axis=1) == pytest.approx(1.0)
        assert auc(VAL.target, p[:, 1]) > (0.49 if method == "base_rate" else 0.65)
        model.save(tmp_path / "model")
        assert np.array_equal(TabularModel.load(tmp_path / "model").predict_proba(VAL), p)

    @pytest.mark.slow
    def test_the_same_seed_gives_the_same_model(self, method: str) -> None:
        few = TRAIN.take(np.arange(400))
        first, again = (TabularModel(method, seed=4).fit(few).predict_proba(VAL) for _ in "ab")
        assert np.array_equal(first, again)

    def test_a_saved_model_has_no_file_that_can_run_code(self, method: str, tmp_path: Path) -> None:
        TabularModel(method).fit(TRAIN.take(np.arange(300))).save(tmp_path)
        files = sorted(path.name for path in tmp_path.iterdir())
        assert files == ["config.json", "model.npz", "training_rows.npz"]
        with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
            assert {arrays[name].dtype.kind for name in arrays.files} <= {"f", "i"}


@pytest.fixture(scope="module")
def fitted() -> TabularModel:
    """Return a trained model of the default method."""
    return TabularModel().fit(TRAIN, VAL)


class TestPrediction:
    @pytest.mark.slow
    def test_a_prediction_does_not_depend_on_other_rows(self, fitted: TabularModel) -> None:
        p = fitted.predict_proba(VAL)
        order = np.random.default_rng(0).permutation(len(VAL))
        assert np.array_equal(fitted.predict_proba(VAL.take(order)), p[order])
        assert np.array_equal(fitted.predict_proba(VAL.take([7])), p[[7]])
        assert fitted.predict_proba(VAL.take([])).shape == (0, 2)

    @pytest.mark.slow
    def test_an_indicator_helps_if_missing_values_predict_the_label(self) -> None:
        train = synthetic_survey(2000, seed=1, informative_missingness=True)
        val = synthetic_survey(1000, seed=2, informative_missingness=True)
        shown, imputed = (
            auc(val.target, TabularModel(missing=view).fit(train).predict_proba(val)[:, 1])
            for view in ("indicator", "impute")
        )
        assert shown > imputed + 0.03

    def test_the_household_mean_is_reported_and_saved(self, tmp_path: Path) -> None:
        model = TabularModel("logistic_regression", household_mean=True).fit(TRAIN)
        assert model.uses_household_labels
        model.save(tmp_path)
        again = TabularModel.load(tmp_path)
        assert again.uses_household_labels
        assert np.array_equal(again.predict_proba(TRAIN), model.predict_proba(TRAIN))

    def test_probabilities_are_calibrated_to_the_validation_rows(self) -> None:
        few = VAL.take(np.arange(200))
        assert TabularModel("mlp").fit(few).calibration is None
        assert TabularModel("mlp").fit(few, VAL).calibration is not None

    @pytest.mark.slow
    def test_prediction_needs_no_scikit_learn(self, fitted: TabularModel, tmp_path: Path) -> None:
        fitted.save(tmp_path)
        program = (
            "import sys\n"
            "from mesa_llm_city.migration.survey.synthetic import synthetic_survey\n"
            "from mesa_llm_city.migration.models.tabular import TabularModel\n"
            f"TabularModel.load({str(tmp_path)!r}).predict_proba(synthetic_survey(5, seed=1))\n"
            "assert not {'sklearn', 'torch'} & set(sys.modules)\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True)


class TestBadInput:
    def test_an_unknown_option_is_an_error(self) -> None:
        with pytest.raises(ConfigError, match="no method 'oracle'; accepted are base_rate"):
            TabularModel("oracle")
        with pytest.raises(ConfigError, match="missing must be one of"):
            TabularModel(missing="guess")  # type: ignore[arg-type]
        with pytest.raises(ConfigError, match="seed must not be negative"):
            TabularModel(seed=-1)

    def test_a_model_that_is_not_trained_cannot_predict(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="the model is not trained; call fit"):
            TabularModel().predict_proba(VAL)
        with pytest.raises(ConfigError, match="the model is not trained; call fit"):
            TabularModel().save(tmp_path)

    @pytest.mark.parametrize("method", METHODS)
    def test_ten_rows_of_each_label_are_needed(self, method: str) -> None:
        home, away = (np.flatnonzero(TRAIN.target == label) for label in (1, 0))
        # Twenty rows may lack a rare feature, so only common ones are looked at.
        common = tuple(s for s in TRAIN.schema.features if s.name in {"age", "gender", "hh_size"})
        schema = binary_schema(features=common, group="hhid")

        def some(rows: np.ndarray) -> SurveyTable:
            few = TRAIN.take(rows)
            return SurveyTable(frame=few.frame, target=few.target, group=few.group, schema=schema)

        TabularModel(method).fit(some(np.concatenate([home[:10], away[:10]])))
        if method != "base_rate":
            with pytest.raises(
                DataError, match="of the training rows, 9 have label 1 and 100 have label 0"
            ):
                TabularModel(method).fit(some(np.concatenate([home[:9], away[:100]])))

    def test_labels_that_are_all_the_same_are_an_error(self) -> None:
        ones = relabelled(TRAIN, np.ones(len(TRAIN)))
        with pytest.raises(DataError, match="the label is 1 in all 1500 rows"):
            TabularModel().fit(ones)

    def test_validation_rows_of_one_class_are_said_and_not_used(self) -> None:
        ones = relabelled(VAL, np.ones(len(VAL)))
        model = TabularModel("logistic_regression")
        with pytest.warns(OneClassWarning, match=r"validation rows are of one class, all have"):
            model.fit(TRAIN, ones)
        assert model.calibration is None
        unknown = relabelled(VAL, np.full(len(VAL), -1))
        with pytest.raises(DataError, match=r"validation rows have the labels \[-1\]"):
            model.fit(TRAIN, unknown)

    def test_rows_of_another_schema_are_an_error(self) -> None:
        model = TabularModel("base_rate").fit(TRAIN)
        fewer = binary_schema(features=TRAIN.schema.features[1:])
        other = SurveyTable(frame=VAL.frame, target=VAL.target, group=None, schema=fewer)
        with pytest.raises(DataError, match=f"has no {TRAIN.schema.features[0].name}"):
            model.predict_proba(other)
        with pytest.raises(DataError, match="has no gender"):
            model.fit(TRAIN, other)

    def test_a_missing_library_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
        with pytest.raises(
            ConfigError, match=r"needs sklearn.*pip install 'mesa-llm-city\[tabular\]'"
        ):
            TabularModel().fit(TRAIN)


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        TabularModel("logistic_regression").fit(TRAIN, VAL).save(tmp_path)
        return tmp_path

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="has no model"):
            TabularModel.load(tmp_path / "nowhere")

    def test_truncated_arrays(self, folder: Path) -> None:
        arrays = folder / "model.npz"
        arrays.write_bytes(arrays.read_bytes()[:-50])
        with pytest.raises(DataError, match="not the file that was saved: truncated or replaced"):
            TabularModel.load(folder)

    def test_missing_arrays(self, folder: Path) -> None:
        (folder / "model.npz").unlink()
        with pytest.raises(DataError, match=r"model\.npz is missing"):
            TabularModel.load(folder)

    def test_a_truncated_record(self, folder: Path) -> None:
        record = folder / "config.json"
        record.write_text(record.read_text(encoding="utf-8")[:-100], encoding="utf-8")
        with pytest.raises(DataError, match="cannot be read"):
            TabularModel.load(folder)

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            ({"kind": "oracle"}, "has kind 'oracle'"),
            ({"format": 99}, "format 99"),
            ({"files": None}, "has no list of files"),
            ({"options": {"method": "oracle"}}, "no method 'oracle'"),
            ({"schema_hash": "0"}, "the schema is not the one that was saved"),
            ({"encoder": {}}, "the state is not that of an encoder"),
            ({"predictor": "network"}, "a network predictor has the arrays"),
            ({"predictor": "oracle"}, r"is not valid \('oracle'\)"),
            ({"calibration": {"heat": 1}}, "is no state of a calibration"),
        ],
    )
    def test_a_changed_record(self, folder: Path, change: dict[str, object], problem: str) -> None:
        record = folder / "config.json"
        known = json.loads(record.read_text(encoding="utf-8"))
        record.write_text(json.dumps(known | change), encoding="utf-8")
        with pytest.raises(DataError, match=problem):
            TabularModel.load(folder)

    def test_saving_replaces_an_earlier_model(self, folder: Path) -> None:
        model = TabularModel("mlp").fit(TRAIN.take(np.arange(300)))
        model.save(folder)
        again = TabularModel.load(folder)
        assert again.method == "mlp"
        assert np.array_equal(again.predict_proba(VAL), model.predict_proba(VAL))

    def test_a_model_that_is_not_saved_correctly_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = TabularModel("logistic_regression").fit(TRAIN)
        other = TabularModel("logistic_regression").fit(VAL)
        monkeypatch.setattr(TabularModel, "load", lambda _: other)
        with pytest.raises(DataError, match="does not hold what was saved"):
            model.save(tmp_path)


class TestWeights:
    WEIGHT = np.where(TRAIN.target == 1, 3.0, 1.0)

    @pytest.mark.parametrize("method", ["base_rate", "logistic_regression"])
    def test_the_weighted_mean_prediction_is_the_weighted_share(self, method: str) -> None:
        model = TabularModel(method).fit(replace(TRAIN, weight=self.WEIGHT))
        p = model.predict_proba(TRAIN)[:, 1]
        share = np.average(TRAIN.target, weights=self.WEIGHT)
        assert np.average(p, weights=self.WEIGHT) == pytest.approx(share, abs=1e-3)

    @pytest.mark.parametrize("method", ["logistic_regression", "random_forest", "svm"])
    def test_heavier_rows_of_label_1_raise_the_prediction(self, method: str) -> None:
        some = replace(TRAIN, weight=self.WEIGHT).take(range(600))
        plain = TabularModel(method).fit(replace(some, weight=None)).predict_proba(VAL)[:, 1]
        heavy = TabularModel(method).fit(some)
        assert heavy.predict_proba(VAL)[:, 1].mean() > plain.mean() + 0.05

    def test_equal_weights_change_nothing(self) -> None:
        plain = TabularModel("logistic_regression").fit(TRAIN).predict_proba(VAL)
        even = TabularModel("logistic_regression").fit(replace(TRAIN, weight=np.full(1500, 7.0)))
        assert even.predict_proba(VAL) == pytest.approx(plain, abs=1e-12)


class TestText:
    ROWS = synthetic_survey(600, seed=2, trajectory=True)

    def test_text_is_refused_unless_it_is_said_what_to_do(self) -> None:
        with pytest.raises(ConfigError, match="the text of trajectory; give text='hash'"):
            TabularModel("logistic_regression").fit(self.ROWS)

    def test_hashed_text_is_an_input_and_text_left_out_is_none(self, tmp_path: Path) -> None:
        hashed = TabularModel("logistic_regression", text="hash").fit(self.ROWS)
        left_out = TabularModel("logistic_regression", text="leave_out").fit(self.ROWS)
        turned = replace(self.ROWS, frame=self.ROWS.frame.assign(trajectory="Sichuan"))
        assert np.array_equal(left_out.predict_proba(turned), left_out.predict_proba(self.ROWS))
        assert not np.array_equal(hashed.predict_proba(turned), hashed.predict_proba(self.ROWS))
        hashed.save(tmp_path)
        again = TabularModel.load(tmp_path)
        assert np.array_equal(again.predict_proba(turned), hashed.predict_proba(turned))

    def test_other_uses_are_an_error(self) -> None:
        with pytest.raises(ConfigError, match="text must be one of refuse, hash, leave_out"):
            TabularModel(text="read")  # type: ignore[arg-type]


class TestRepetition:
    @pytest.mark.parametrize("method", ["hist_gradient_boosting", "random_forest"])
    def test_repeated_training_predicts_the_mean(self, method: str) -> None:
        some = TRAIN.take(range(300))
        alone = [TabularModel(method, seed=seed).fit(some).predict_proba(VAL) for seed in (3, 4)]
        both = TabularModel(method, repeats=2, seed=3).fit(some).predict_proba(VAL)[:, 1]
        p = [one[:, 1] for one in alone]
        mean = np.mean(p if method == "random_forest" else [log_odds(one) for one in p], axis=0)
        assert both == pytest.approx(mean if method == "random_forest" else sigmoid(mean))

    def test_a_refitted_model_keeps_its_calibration_and_knows_all_rows(self) -> None:
        options = {"method": "logistic_regression", "seed": 1}
        once = TabularModel(**options).fit(TRAIN, VAL)  # type: ignore[arg-type]
        again = TabularModel(**options, refit=True).fit(TRAIN, VAL)  # type: ignore[arg-type]
        all_rows = TabularModel(**options).fit(TRAIN.joined(VAL))  # type: ignore[arg-type]
        assert again.calibration == once.calibration
        all_rows.calibration = once.calibration
        assert np.array_equal(again.predict_proba(VAL), all_rows.predict_proba(VAL))

    def test_only_trees_can_be_repeated(self) -> None:
        with pytest.raises(ConfigError, match="repeats must be 1, or more for random_forest"):
            TabularModel("mlp", repeats=2)
