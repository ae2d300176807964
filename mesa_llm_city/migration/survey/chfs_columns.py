"""Columns of the China Household Finance Survey used for return migration.

Codes are those published with RMS-Agent, sec. 5.1 (survey: Gan et al., 2014, Data you need
to know about China, https://doi.org/10.1007/978-3-642-38151-5); labels are our own.
"""

from __future__ import annotations

from mesa_llm_city.migration.survey.feature import FeatureSpec

__all__ = ["CHFS_FEATURES", "CHFS_INTERVIEW", "TRAJECTORY"]

_YES_NO = {0: "no", 1: "yes"}
_YES_NO_ZH = {0: "无", 1: "有"}


def _number(
    name: str, label: str, label_zh: str, unit: str = "", *, least: float, most: float
) -> FeatureSpec:
    """Return a number with a range that no person or household leaves (assumption)."""
    return FeatureSpec(
        name=name,
        kind="numeric",
        label=label,
        label_zh=label_zh,
        unit=unit,
        least=least,
        most=most,
    )


def _money(name: str, label: str, label_zh: str) -> FeatureSpec:
    return FeatureSpec(
        name=name, kind="numeric", label=label, label_zh=label_zh, unit="RMB", money=True
    )


def _levels(
    name: str, label: str, label_zh: str, codes: dict[int, str], codes_zh: dict[int, str]
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        kind="categorical",
        label=label,
        label_zh=label_zh,
        codes=codes,
        codes_zh=codes_zh,
    )


def _note(name: str, label: str, label_zh: str) -> FeatureSpec:
    return FeatureSpec(name=name, kind="id", label=label, label_zh=label_zh)


_PERSON = (
    _levels("gender", "Sex", "性别", {0: "female", 1: "male"}, {0: "女", 1: "男"}),
    _number("age", "Age", "年龄", "years", least=0, most=130),
    _number("education", "Schooling", "受教育年数", "years", least=0, most=40),
    _levels(
        "hukou",
        "Hukou",
        "户口",
        {0: "non-agricultural", 1: "agricultural"},
        {0: "非农业", 1: "农业"},
    ),
    _levels(
        "marriage",
        "Marital status",
        "婚姻",
        {1: "unmarried", 2: "married", 3: "divorced"},
        {1: "未婚", 2: "已婚", 3: "离异"},
    ),
    _levels(
        "physical_condition",
        "Health",
        "健康",
        {1: "good", 2: "average", 3: "poor"},
        {1: "好", 2: "一般", 3: "差"},
    ),
    _levels("work", "Work", "工作", {0: "no work", 1: "has work"}, {0: "无工作", 1: "有工作"}),
    _money("wage", "Wage after tax", "税后工资"),
)

_INSURANCE = (
    _levels(
        "old_age_insurance",
        "Pension scheme",
        "养老保险",
        {
            1: "government or public institution",
            2: "urban employees",
            3: "new rural",
            4: "urban residents",
            5: "urban and rural residents together",
            6: "another",
        },
        {
            1: "机关事业单位",
            2: "城镇职工",
            3: "新农保",
            4: "城镇居民",
            5: "城乡居民统一",
            6: "其他",
        },
    ),
    _levels(
        "medical_insurance",
        "Health insurance",
        "医疗保险",
        {
            1: "urban employees",
            2: "urban residents",
            3: "new rural cooperative",
            4: "urban and rural residents",  # published with the text of 2, a likely mistake
            5: "publicly funded",
            6: "another (6)",  # published without a text, in 2015 only
            7: "another (7)",
        },
        {
            1: "城镇职工",
            2: "城镇居民",
            3: "新农合",
            4: "城乡居民",
            5: "公费医疗",
            6: "其他(6)",
            7: "其他(7)",
        },
    ),
    _money("hospitalization_expenses", "Hospital costs of last year", "去年住院花费"),
    _levels("unemployment_insurance", "Unemployment insurance", "失业保险", _YES_NO, _YES_NO_ZH),
    _levels("housing_fund", "Housing fund", "住房公积金", _YES_NO, _YES_NO_ZH),
)

_HOUSEHOLD = (
    _number("hh_size", "Household size", "家庭人数", least=1, most=100),
    _levels(
        "poor_hh",
        "Recognised as poor",
        "贫困户",
        {0: "not recognised as poor", 1: "recognised as poor"},
        {0: "非贫困户", 1: "贫困户"},
    ),
    _levels(
        "house_type",
        "Dwelling",
        "住房",
        {1: "owned", 2: "rented", 3: "lived in for free"},
        {1: "自有", 2: "租住", 3: "免费居住"},
    ),
    _number("count_car", "Cars", "汽车数", least=0, most=1000),
    _levels(
        "phone_type",
        "Phone",
        "手机",
        {1: "smartphone", 2: "plain mobile phone", 3: "no phone"},
        {1: "智能手机", 2: "普通手机", 3: "没有手机"},
    ),
    _money("total_asset", "Household assets", "家庭资产"),
    _money("total_income", "Household income", "家庭收入"),
    _money("total_debt", "Household debt", "家庭债务"),
    _money("total_consumption", "Household spending", "家庭消费"),
)

CHFS_FEATURES = (*_PERSON, *_INSURANCE, *_HOUSEHOLD)

# Records of the interview. They partly follow from the outcome, so no model is given them.
CHFS_INTERVIEW = (
    _note("pline", "Number in the household", "家庭成员编号"),
    _note("track", "Followed from an earlier wave", "追访户"),
    _note("hhead", "Head of the household", "户主"),
)

TRAJECTORY = FeatureSpec(name="trajectory", kind="text", label="Lived in", label_zh="居住过的省份")
