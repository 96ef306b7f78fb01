package main

// What stands in some of the files, looked up in their XML by hand, or said by
// those who made them.

// tortureRefused are workbooks in which there is no table, or more than one.
var tortureRefused = []string{
	"calamine/empty_sheet.xlsx", "calamine/issue252.xlsx", "calamine/pass_protected.xlsx", "calamine/picture.xlsx", "messytables/libreoffice.xlsx",
	"tidyxl/default.xlsx", "tidyxl/themes-2016.xlsx", "calamine/table_with_insertrow_attribute.xlsx", "tidyxl/libreoffice-fill.xlsx",
}

var tortureWorkbooks = map[string]tortureTable{
	"calamine/date_1904.xlsx":               {3, "2021-01-01|15", "255:10:10|17"},
	"calamine/empty_s_attribute.xlsx":       {5, "Name|Value", "Sam|4"},
	"calamine/has_x000D_.xlsx":              {1, "ABC DEF", ""},
	"calamine/header-row.xlsx":              {2, "Columns|Column A|Column B|Column C", "put data here|1|2|3"},
	"calamine/inventory-table.xlsx":         {5, "Item|Type|Quantity", "4|Pear|100"},
	"calamine/readings.xlsx":                {4, "Station|Celsius|Humidity|Pressure", "Berlin|12|80|1017"},
	"calamine/rph.xlsx":                     {1, "課きく\u3000毛こ", ""},
	"calamine/string-ref.xlsx":              {2, "col1", "-8086931554011838357"},
	"calamine/temperature-fallible.xlsx":    {5, "label|value|notes", "rankine|N/A|derived"},
	"messytables/simple.xlsx":               {7, "date|temperature|place", "2011-01-03|5|Berkeley"},
	"readxl/clippy.xlsx":                    {5, "name|value", "Weight in grams|0.9"},
	"readxl/currency-formats-xlsx.xlsx":     {3, "product|cost_EUR|cost_CHF|cost_mixed", "software|10000|10000|10000"},
	"readxl/dates-leap-year-1900-xlsx.xlsx": {8, "dttm|dttm_string|expect_success", "1904-01-01 08:00:00|1904-01-01 08:00:00|TRUE"},
	"readxl/datetime-rounding.xlsx":         {5, "dttm|dttm_string", "2017-01-03 11:30:00|2017-01-03 11:30:00"},
	"readxl/deaths.xlsx":                    {11, "Name|Profession|Age|Has kids|Date of birth|Date of death", "George Michael|musician|53|FALSE|1963-06-25|2016-12-25"},
	"readxl/iris-google-doc.xlsx":           {151, "Sepal.Length|Sepal.Width|Petal.Length|Petal.Width|Species", "5.9|3|5.1|1.8|virginica"},
	"readxl/names-need-repair-xlsx.xlsx":    {3, "a b|a b||c%&$", "2|b|two|2.2"},
	"readxl/style-only-cells.xlsx":          {4, "var1|var2|var3||var5", "val3,1||cc||3"},
	"readxl/texty-dates-xlsx.xlsx":          {3, "a", "1985-03-11 13:23:32"},
	"sheetjs/1904_1900.xlsx":                {5, "1|1900-01-01|1900-01-01|1900-01-01", "11111|1930-06-02|1930-06-02|1930-06-02"},
	"sheetjs/1904_1904.xlsx":                {5, "1|1904-01-02|1904-01-02|1904-01-02", "11111|1934-06-03|1934-06-03|1934-06-03"},
	"sheetjs/minimal_112.xlsx":              {3, "Sheet|JS", "TRUE|12.3%"},
	"sheetjs/number_format_entities.xlsx":   {2, "12345.6789", "12345.6789"},
	"tidyxl/1900.xlsx":                      {3, "1998-07-05", "1900-02-28"},
	"tidyxl/jmp.xlsx":                       {31, "Sample|Y", "Y2|0.8056070104022987"},
	"tidyxl/openxlsx1900.xlsx":              {4, "A", "1.8"},
	"tidyxl/utf8-cities.xlsx":               {5, "Nærbø", "Klitmøller"},
	"unpivotr/worked-examples.xlsx":         {4, "Name|Age", "Olivia|5"},
	"xlseries-argentina/test_case1.xlsx":    {256, "|IPC-CqP|Var. Anual", ""},
}

var tortureParquet = map[string]tortureTable{
	"data/alltypes_plain.snappy.parquet":             {3, "id|bool_col|tinyint_col|smallint_col|int_col|bigint_col|float_col|double_col|date_string_col|string_col|timestamp_col", "7|false|1|1|1|10|1.1|10.1|04/01/09|1|2009-04-01 00:01:00"},
	"data/binary_truncated_min_max.parquet":          {13, "utf8_full_truncation|binary_full_truncation|utf8_partial_truncation|binary_partial_truncation|utf8_no_truncation|binary_no_truncation", ""},
	"data/byte_array_decimal.parquet":                {25, "value", "24"},
	"data/int32_decimal.parquet":                     {25, "value", "24"},
	"data/int64_decimal.parquet":                     {25, "value", "24"},
	"data/fixed_length_decimal_legacy.parquet":       {25, "value", "24"},
	"data/float16_nonzeros_and_nans.parquet":         {9, "x", "2"},
	"data/nan_in_stats.parquet":                      {3, "x", "NaN"},
	"data/nulls.snappy.parquet":                      {9, "b_struct", "b_c_int="},
	"data/list_columns.parquet":                      {4, "int64_list|utf8_list", "4|efg; ; hij; xyz"},
	"data/lz4_raw_compressed.parquet":                {5, "c0|c1|v11", "1593604801|def|7.7"},
	"data/old_list_structure.parquet":                {2, "a", "1; 2; 3; 4"},
	"data/nation.dict-malformed.parquet":             {26, "nation_key|name|region_key|comment_col", ""},
	"data/datapage_v2_empty_datapage.snappy.parquet": {2, "value", ""},
	"data/sort_columns.parquet":                      {7, "a|b", ""},
	"data/dict-page-offset-zero.parquet":             {40, "l_partkey", "1552"},
	"data/fixed_length_byte_array.parquet":           {1001, "flba_field", ""},
	"data/single_nan.parquet":                        {2, "mycol", ""},
}
